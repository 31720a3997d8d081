"""Events of every kind with any texts, as a publisher might tell them."""

from __future__ import annotations

from hypothesis import strategies as st
from motcua_kernel.events import CHANGE_OF_KIND, Channel, Event, Kind
from motcua_kernel.instant import Instant
from motcua_platform.dossier_codec import EARLIEST, LATEST

texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=20)
some_text = texts.filter(bool)

_OF_TYPE: dict[str, st.SearchStrategy[object]] = {
    "str": texts,
    "bytes": st.binary(max_size=32),
    "bool": st.booleans(),
    "int": st.integers(0, 2**32 - 1),
    "Channel": st.sampled_from(Channel),
}


def _events_of(kind: Kind) -> st.SearchStrategy[Event]:
    change = CHANGE_OF_KIND[kind]
    fields = [_OF_TYPE[change.__annotations__[name]] for name in change.__struct_fields__]
    return st.builds(
        Event,
        publisher=some_text,
        event_id=some_text,
        dossier=st.sampled_from(("H16.25-260302-0001", "000.00.31.H16-201104-0001")),
        kind=st.just(kind),
        occurred_at=st.integers(EARLIEST, LATEST - 1).map(Instant),
        source=texts,
        sequence=st.integers(0, 2**64 - 1),
        change=st.builds(change, *fields),
        recorded_at=st.integers(0, 2**41).map(Instant),
    )


events = st.sampled_from(Kind).flatmap(_events_of)
