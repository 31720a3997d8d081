"""Small registries and random states of a Grafana."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st
from motcua_grafana.domain.boards import Template
from motcua_grafana.domain.names import ARCHIVE, folder_uid, team_name
from motcua_grafana.domain.states import Folder, Grant, Seen, Shelved, Wanted, team_holder
from motcua_grafana.domain.wanted import Templates, wanted_of
from motcua_kernel.registry import Registry
from motcua_kernel.units import Department, Unit, UnitLevel

BEFORE, MERGER = date(2025, 6, 30), date(2025, 7, 1)

PROVINCE = Unit("68", "68", "Tỉnh Lâm Đồng", UnitLevel.PROVINCE)
JUSTICE = Department("tu-phap", "Phòng Tư pháp")
OFFICE = Department("van-phong", "Văn phòng")


def commune(
    name: str,
    code: str,
    *departments: Department,
    begins: str = "",
    ends: str = "",
    follows: tuple[str, ...] = (),
) -> Unit:
    return Unit(
        code,
        code[:5],
        name,
        UnitLevel.COMMUNE,
        "68",
        begins,
        ends,
        predecessors=follows,
        departments=departments,
    )


SIN = commune("Xã Đắk Sin", "24760", JUSTICE, ends="2025-06-30")
HUNG_BINH = commune("Xã Hưng Bình", "24761", OFFICE)
QUANG_TIN = commune(
    "Xã Quảng Tín", "24760-2025", JUSTICE, OFFICE, begins="2025-07-01", follows=("24760", "24761")
)
NHAN_CO = commune("Xã Nhân Cơ", "24751")


def registry_of(*units: Unit) -> Registry:
    return Registry().with_entries(enumerate(units))


MAP = registry_of(PROVINCE, SIN, HUNG_BINH, QUANG_TIN, NHAN_CO)


def variable(name: str) -> dict[str, object]:
    return {"type": "query", "name": name, "query": f"label_values({name})", "hide": 0}


def template_of(title: str, *names: str) -> Template:
    listed = [variable(name) for name in ("datasource", "province", *names)]
    links = [{"type": "dashboards", "tags": ["motcua"]}, {"type": "link", "tags": ["motcua"]}]
    templating = {"list": listed}
    whole = {"title": title, "tags": ["motcua"], "links": links, "templating": templating}
    return Template(whole)


TEMPLATES = Templates(
    {UnitLevel.COMMUNE: template_of("Xã", "unit")}, template_of("Phòng", "unit", "department")
)


def wanted_on(day: date, registry: Registry = MAP, templates: Templates = TEMPLATES) -> Wanted:
    return wanted_of(registry, day, templates)


KEYS = ("68", "24760", "24760_tu-phap", "24761", "24761_van-phong", "24760-2025", "24751")
STRANGERS = ("24751_ke-toan", "99999")
UIDS = (*(folder_uid(key) for key in (*KEYS, *STRANGERS)), ARCHIVE, "theirs")
HOLDERS = (*(team_holder(key) for key in KEYS), "role:Viewer", "user number 7", "team number 5")


def a_tree(uids: set[str], data: st.DataObject) -> dict[str, Folder]:
    """Folders of which none lies in itself: each one's parent is one of those before it."""
    folders: dict[str, Folder] = {}
    for uid in data.draw(st.permutations(sorted(uids))):
        parent = data.draw(st.sampled_from(("", *folders)))
        folders[uid] = Folder(
            data.draw(st.sampled_from(("Xã Đắk Sin", "khác", "x – đã đóng"))), parent
        )
    return folders


def a_state(data: st.DataObject, wanted: Wanted) -> Seen:
    """Whatever people and half-finished runs may have left, some of it as it should be."""
    folders = a_tree(data.draw(st.sets(st.sampled_from(UIDS))), data)
    right = {folder_uid(place.key): place for place in wanted.places}
    for uid in data.draw(st.sets(st.sampled_from(sorted(right)))):
        parent = right[uid].folder.parent
        if not parent:
            folders[uid] = right[uid].folder
    grants = st.frozensets(st.builds(Grant, st.sampled_from(HOLDERS), st.sampled_from((1, 2, 4))))
    boards = {
        place.board.uid: Shelved(
            data.draw(st.sampled_from((folder_uid(place.key), "theirs"))),
            data.draw(st.sampled_from((place.board.mark, "sửa tay"))),
        )
        for place in data.draw(st.sets(st.sampled_from([p for p in wanted.places if p.board])))
        if place.board
    }
    teams = {
        key: data.draw(st.sampled_from((team_name("khác", key), _right_name(wanted, key))))
        for key in data.draw(st.sets(st.sampled_from((*KEYS, *STRANGERS))))
    }
    return Seen(folders, teams, {uid: data.draw(grants) for uid in folders}, boards)


def _right_name(wanted: Wanted, key: str) -> str:
    return next((one.team for one in wanted.places if one.key == key), team_name("cũ", key))
