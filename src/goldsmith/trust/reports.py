"""What a verification says: a status with an exit code, and every fault by name."""

from enum import StrEnum

import msgspec


class VerifyStatus(StrEnum):
    """What became of a verification, from the best to the one that hides the most."""

    OK = "ok"
    UNKNOWN_KEY = "unknown-key"
    INCOMPLETE = "incomplete"
    TAMPERED = "tampered"
    NOT_A_RELEASE = "not-a-release"

    @property
    def exit_code(self) -> int:
        """The exit code of `goldsmith verify`."""
        return _EXIT_CODES[self]


_EXIT_CODES = {
    VerifyStatus.OK: 0,
    VerifyStatus.TAMPERED: 8,
    VerifyStatus.INCOMPLETE: 9,
    VerifyStatus.UNKNOWN_KEY: 10,
    VerifyStatus.NOT_A_RELEASE: 11,
}
_ORDER = tuple(VerifyStatus)


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is not as it was signed.

    Attributes:
        kind: what it makes of the release.
        file: the file, relative to the release.
        text: what is wrong, as the end of a sentence that begins with the file.
        row: the row, from 1, where the file has rows.
        external_id: the row's external id as it was signed, if known.
    """

    kind: VerifyStatus
    file: str
    text: str
    row: int | None = None
    external_id: str | None = None

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file}, row {self.row:,}"
        name = "" if self.external_id is None else f" ({self.external_id[:80]})"
        return f"{place}{name}: {self.text}"


class VerifyReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of verifying a release.

    Attributes:
        is_key_from_release: no key was given, so the one inside the release was used: that shows that nothing was
            changed since somebody signed it, not who that was. Compare the fingerprint with the signer's.
    """

    folder: str
    status: VerifyStatus
    faults: tuple[Fault, ...] = ()
    version: str | None = None
    content_root: str | None = None
    n_files: int = 0
    n_items: int = 0
    n_annotations: int = 0
    key_id: str | None = None
    fingerprint: str | None = None
    is_key_from_release: bool = False

    @property
    def is_ok(self) -> bool:
        """Whether the release is exactly what was signed."""
        return self.status is VerifyStatus.OK

    @property
    def exit_code(self) -> int:
        """The exit code of `goldsmith verify`."""
        return self.status.exit_code

    def lines(self) -> list[str]:
        """The report as sentences, the verdict first."""
        verdict = [self._verdict(), *(f"  {fault}" for fault in self.faults)]
        if self.is_key_from_release and self.fingerprint:
            verdict.append(
                "No key was given, so the one inside the release was used. That shows that nothing changed since "
                f"it was signed, not who signed it. Compare this fingerprint with the signer's: {self.fingerprint}"
            )
        return verdict

    def _verdict(self) -> str:
        match self.status:
            case VerifyStatus.OK:
                return (
                    f"Verified: release {self.version} is what {self.key_id} signed, "
                    f"{self.n_items:,} items in {self.n_files:,} files, content root {self.content_root}."
                )
            case VerifyStatus.UNKNOWN_KEY:
                return f"Not verified: {self.folder} is not signed by {self.key_id}."
            case VerifyStatus.INCOMPLETE:
                return f"Not verified: {self.folder} is incomplete."
            case VerifyStatus.TAMPERED:
                return f"Not verified: {self.folder} was changed after it was signed."
            case VerifyStatus.NOT_A_RELEASE:
                return f"Not verified: {self.folder} is not a release."


def worst(faults: tuple[Fault, ...]) -> VerifyStatus:
    """The status that several faults make together."""
    return max((fault.kind for fault in faults), key=_ORDER.index, default=VerifyStatus.OK)
