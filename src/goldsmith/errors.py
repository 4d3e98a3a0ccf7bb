"""Every error that Goldsmith raises on purpose.

GoldsmithError
├── InputError                 what was sent cannot be used
│   ├── RecipeError            a recipe names something unknown or impossible
│   ├── SchemaError            a schema, guideline or policy is malformed
│   ├── AnswerError            an answer does not fit its question
│   ├── RowError               a row of an import is malformed
│   ├── MediaError             an image, audio or PDF file cannot be used
│   ├── VotesError             votes cannot be aggregated
│   └── SettingsError          an unknown or malformed setting
├── Unauthenticated            nobody is signed in, or the link, password or token is wrong or expired
├── Forbidden                  the role does not allow it
├── NotFound                   missing, or somebody else's: the two look the same
├── Conflict                   it contradicts what is stored
├── TooManyRequests            a limit on attempts was reached
├── StorageError               the disk or the database refused
│   └── BlobDamaged            a stored file is not what was stored
├── HomeInUse                  another process owns this home
├── PortInUse                  the address is taken
├── KeyMissing                 a key that is needed is not there
├── VerificationError          a release or a log is not what was signed
├── PluginError                a plugin file cannot be loaded
├── ComputeError               a computing child process failed
├── Cancelled                  a job was stopped on request
└── ServerError                a server answered with a problem (raised by the SDK)
"""

from typing import ClassVar


class GoldsmithError(Exception):
    """Base of all errors raised on purpose; the message says what happened and how to go on."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class InputError(GoldsmithError):
    """Raised when what was sent cannot be used as it is."""

    code = "invalid-input"
    status = 400
    exit_code = 2


class RecipeError(InputError):
    """Raised when a recipe names an unknown stage or parameter, or gives an impossible value; names the line."""

    code = "invalid-recipe"


class SchemaError(InputError):
    """Raised when a schema, guideline or policy is malformed; names the path inside it."""

    code = "invalid-schema"


class AnswerError(InputError):
    """Raised when an answer does not fit its question; names the question."""

    code = "answer-does-not-fit"
    status = 422


class RowError(InputError):
    """Raised when a row of an import is malformed; names the line."""

    code = "malformed-row"


class MediaError(InputError):
    """Raised when an image, audio or PDF file is broken, of another kind, or too large; says what would do."""

    code = "unusable-file"
    status = 422


class VotesError(InputError):
    """Raised when votes cannot be aggregated, such as an empty set of them."""

    code = "unusable-votes"


class SettingsError(InputError):
    """Raised when a setting is unknown or malformed."""

    code = "invalid-setting"


class Unauthenticated(GoldsmithError):
    """Raised when nobody is signed in, or a link, password or token is wrong, used or expired."""

    code = "unauthenticated"
    status = 401
    exit_code = 3


class Forbidden(GoldsmithError):
    """Raised when the caller is known but the role does not allow the action."""

    code = "forbidden"
    status = 403
    exit_code = 3


class NotFound(GoldsmithError):
    """Raised when an object is missing or belongs to somebody else; the two are not told apart."""

    code = "not-found"
    status = 404
    exit_code = 4


class Conflict(GoldsmithError):
    """Raised when a request contradicts what is stored."""

    code = "conflict"
    status = 409


class TooManyRequests(GoldsmithError):
    """Raised when a limit on attempts was reached; says when to try again."""

    code = "too-many-requests"
    status = 429


class StorageError(GoldsmithError):
    """Raised when the disk or the database refused, such as a full disk; nothing half-written stays."""

    code = "storage"
    status = 507
    exit_code = 5


class BlobDamaged(StorageError):
    """Raised when a stored file was edited, cut or swapped since it was stored; says where."""

    code = "blob-damaged"


class HomeInUse(GoldsmithError):
    """Raised when another process owns the home; says which one."""

    code = "home-in-use"
    status = 409
    exit_code = 6


class PortInUse(GoldsmithError):
    """Raised when the address to listen on is taken."""

    code = "port-in-use"
    exit_code = 6


class KeyMissing(GoldsmithError):
    """Raised when a signing or verifying key is not where it has to be."""

    code = "key-missing"
    exit_code = 7


class VerificationError(GoldsmithError):
    """Raised when a release or a log is not what was signed; names the file, and the row where it has rows."""

    code = "verification-failed"
    status = 422
    exit_code = 8


class PluginError(GoldsmithError):
    """Raised when a plugin file does not load; stops the start."""

    code = "plugin-does-not-load"


class ComputeError(GoldsmithError):
    """Raised when a computing child process failed or was killed."""

    code = "compute-failed"


class Cancelled(GoldsmithError):
    """Raised inside a job when somebody asked to stop it."""

    code = "cancelled"
    status = 409


class ServerError(GoldsmithError):
    """Raised by the SDK when a server answers with a problem; carries its code and status."""

    code = "server"

    def __init__(self, message: str, *, problem_code: str = "server", http_status: int = 500) -> None:
        super().__init__(message)
        self.problem_code = problem_code
        self.http_status = http_status
