"""What ends a run early, and the exit codes that scripts rely on."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes, as the manual lists them."""

    OK = 0
    SOME_FAILED = 1
    SETTINGS = 2
    SIGN_IN = 3
    ANOTHER_AGENT = 4
    UNREACHABLE = 5
    SOURCE = 6
    CARD = 7
    INTERRUPTED = 130


class Stop(Exception):  # noqa: N818 (a full disk or a revoked account is not the program's error)
    """Ends the run with an exit code and a sentence in each language. Names no person and no secret."""

    def __init__(self, code: Exit, th: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.th = th
        self.en = en
