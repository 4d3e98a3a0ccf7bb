"""URL duplicates: of documents with the same address, one is kept."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.address_forms import same_form
from goldsmith.refine.addresses import Address, addresses_of
from goldsmith.refine.model import CorpusStage
from goldsmith.refine.rules import Repeats, Rule, Verdict


class SameAddress(Repeats, frozen=True, kw_only=True):
    """Drops a document whose address another one has, and shows both forms of the address.

    Attributes:
        stage: says which addresses are the same.
    """

    stage: "UrlDuplicates"

    def verdicts(self, batch: Batch) -> Sequence[Verdict | None]:
        """Drops the rows that name another document."""
        kept = batch.column(self.original).to_pylist()
        addresses = addresses_of(batch) if any(kept) else [None] * len(kept)
        return [
            None if name is None else self._drop_address(name, address)
            for name, address in zip(kept, addresses, strict=True)
        ]

    def _drop_address(self, kept: str, address: Address | None) -> Verdict:
        evidence: dict[str, object] = {"kept": kept}
        if address is not None:
            evidence |= {"url": address.text, "compared_as": self.stage.form_of(address)}
        return Verdict(action="drop", reason=self.reason.format(original=kept), evidence=evidence)


class UrlDuplicates(CorpusStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Drops documents whose address is the same as that of another one; the order of reading does not matter.

    The address is what the source calls `url` or the like, else an id that is one; documents without one pass. They are
    compared without scheme, usual port, fragment, slash at the end, parameters of tracking and sessions and the order
    of the others, and with characters escaped in one way (RFC 3986, section 6.2).

    Attributes:
        keep: the one with the longest text, the latest `date`, or the first id in the order of characters.
        drop_www: whether `www.` makes no difference.
        join_versions: whether the versions for telephones (`m.`, AMP and its caches) count as the page itself.
    """

    name: ClassVar[str] = "url-duplicates"
    title: ClassVar[str] = "Same address"
    columns: ClassVar[Kinds] = {"n_url_copies": "int", "_same_url_as": "text"}
    libraries: ClassVar[tuple[str, ...]] = ("xxhash",)
    comparison: ClassVar[str] = "goldsmith.refine.comparisons.urls:UrlComparison"

    keep: Literal["longest", "latest", "first"] = "longest"
    drop_www: bool = True
    join_versions: bool = False

    def form_of(self, address: Address) -> str:
        """What the addresses that count as the same have in common."""
        return same_form(address, drop_www=self.drop_www, join_versions=self.join_versions)

    def rules(self) -> tuple[Rule, ...]:
        """Drops all but the best."""
        reason = "the same address as {original}"
        return (SameAddress(name="same-url", original="_same_url_as", reason=reason, stage=self),)


plugin = UrlDuplicates
