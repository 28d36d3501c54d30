"""One form three times: the rule of merging, without forms."""

from hypothesis import given
from hypothesis import strategies as st

from records.admin.merging import DELETE, Merge, merged_members

VALUES = st.lists(st.sampled_from("ab"), max_size=1)
MEMBERS = st.lists(st.sampled_from("abcd"), unique=True, max_size=4)
FIELDS = st.fixed_dictionaries({"one": VALUES, "two": VALUES, "all": MEMBERS.map(sorted)})
ROWS = st.dictionaries(
    st.sampled_from(("1", "2", "3")),
    st.fixed_dictionaries({"role": VALUES, DELETE: st.just([])}),
)
PAGES = st.builds(lambda fields, rows: {"": {"": fields}, "crew": rows}, FIELDS, ROWS)
KINDS = {
    "": {"one": "value", "two": "text", "all": "set"},
    "crew": {"role": "value", DELETE: "value"},
}


@given(PAGES, PAGES, PAGES)
def test_what_either_changed_is_kept_or_asked(opened, stored, typed):
    # A row that somebody typed had been opened; what was deleted carries a tick.
    typed["crew"] = {
        key: typed["crew"].get(key, {**row, DELETE: ["on"]}) for key, row in opened["crew"].items()
    }
    merge = Merge(opened, stored, typed, KINDS)
    asked = {one.place for one in merge.asked}
    for name in ("one", "two"):
        was, theirs, mine = (page[""][""][name] for page in (opened, stored, typed))
        both = mine != was and theirs != was and mine != theirs
        assert (("", "", name) in asked) == both
        assert merge.page[""][""][name] == (theirs if mine == was else mine)
    was, theirs, mine = (set(page[""][""]["all"]) for page in (opened, stored, typed))
    made = set(merge.page[""][""]["all"])
    assert (mine - was) | (theirs - was) <= made
    assert not made & ((was - mine) | (was - theirs))
    for key in {**opened["crew"], **stored["crew"]}:
        check_row(key, *(page["crew"].get(key) for page in (opened, stored, typed)), merge, asked)


def check_row(key, was, theirs, mine, merge, asked):
    found, row_asked = merge.page["crew"].get(key), ("crew", key, "") in asked
    if was is None:
        assert found == theirs
    elif theirs is None:
        assert found is None
        assert row_asked == (mine != was and not mine[DELETE])
    elif mine[DELETE]:
        assert found == mine
        assert row_asked == (theirs != was)
    else:
        assert found["role"] == (theirs if mine == was else mine)["role"]


def test_lists_have_an_order_and_sets_have_none():
    assert merged_members("list", ["a", "b"], ["a", "b", "d"], ["c", "a", "b"]) == list("cabd")
    assert merged_members("set", ["a", "b"], ["b", "d"], ["a", "b", "c"]) == list("bcd")
    assert merged_members("list", list("abc"), list("cab"), list("bac")) is None
    assert merged_members("list", ["a", "b"], ["b"], ["b", "a"]) is None
    assert merged_members("value", ["a"], ["b"], ["c"]) is None
