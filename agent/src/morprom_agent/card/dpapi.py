"""Windows' CryptProtectData: what it encrypts, the same user of the same computer decrypts."""

import ctypes
from typing import Any, Final

NO_QUESTIONS: Final = 0x1  # CRYPTPROTECT_UI_FORBIDDEN


class _Blob(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint32), ("bytes", ctypes.POINTER(ctypes.c_char)))


def protect(content: bytes) -> bytes:
    """Encrypt for the signed-in user. Raises OSError."""
    return _called("CryptProtectData", content)


def unprotect(content: bytes) -> bytes:
    """Decrypt. Raises OSError when somebody else encrypted it."""
    return _called("CryptUnprotectData", content)


def _called(function: str, content: bytes) -> bytes:
    windows: Any = getattr(ctypes, "windll")  # noqa: B009 (there on Windows alone)
    held = ctypes.create_string_buffer(content, len(content))
    given, made = _Blob(len(content), ctypes.cast(held, ctypes.POINTER(ctypes.c_char))), _Blob()
    call = getattr(windows.crypt32, function)
    if not call(ctypes.byref(given), None, None, None, None, NO_QUESTIONS, ctypes.byref(made)):
        raise OSError(f"{function} failed")
    try:
        return ctypes.string_at(made.bytes, made.length)
    finally:
        free = windows.kernel32.LocalFree
        free.argtypes = [ctypes.c_void_p]
        free(made.bytes)
