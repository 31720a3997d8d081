"""Two entries for one identity: which of them counts would depend on the order of files."""

from collections.abc import Iterator

from motcua_cli.registry.checks.book import Book
from motcua_cli.registry.faults import Fault
from motcua_cli.registry.files import Sourced


def repeat_faults(book: Book) -> Iterator[Fault]:
    """The given entries that contradict an earlier given one; the same content twice is none."""
    first: dict[str, Sourced] = {}
    for one in book.given:
        if one.entry.HasField("clock_mapping"):
            continue
        earlier = first.setdefault(one.key, one)
        if earlier.entry == one.entry:
            continue
        if one.entry.HasField("procedure"):
            yield _two_versions(one, earlier)
        else:
            yield Fault(
                one.place,
                "entry.twice",
                f"{one.key} đã có với nội dung khác tại {earlier.place}",
                "the same entry stands twice with different content",
            )


def _two_versions(one: Sourced, earlier: Sourced) -> Fault:
    procedure = one.entry.procedure
    return Fault(
        one.at("procedure", "valid_from"),
        "procedure.versions",
        f"thủ tục {procedure.code} có hai phiên bản hiệu lực từ {procedure.valid_from}, "
        f"bản kia tại {earlier.place}",
        "two versions of a procedure begin on one day",
    )
