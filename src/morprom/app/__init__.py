"""The running platform: workers on one socket, what their doors share, work that falls due, rotation of keys."""
