"""Facts of the MOPH-PHR wire that the platform and the agent must agree on.

Standard library only: the agent runs on a counter PC and shares nothing else with the platform.
"""
