from motcua_cli.topic_plan import Action, Existing, plan
from motcua_contracts.topics import topics

DECLARED = topics()


def _cluster() -> dict[str, Existing]:
    return {name: Existing(one.partitions, dict(one.config)) for name, one in DECLARED.items()}


def _actions(existing: dict[str, Existing]) -> dict[str, Action]:
    return {step.topic.name: step.action for step in plan(DECLARED.values(), existing)}


def test_an_empty_cluster_needs_every_topic() -> None:
    assert set(_actions({}).values()) == {Action.CREATE}


def test_a_cluster_as_declared_is_left_alone() -> None:
    assert set(_actions(_cluster()).values()) == {Action.KEEP}


def test_another_partition_count_is_refused_whatever_the_configuration() -> None:
    for name, topic in DECLARED.items():
        existing = _cluster() | {name: Existing(topic.partitions + 1, {})}
        assert _actions(existing)[name] is Action.REFUSE


def test_settings_that_differ_are_named_with_both_values() -> None:
    name, topic = next(iter(DECLARED.items()))
    existing = _cluster() | {name: Existing(topic.partitions, topic.config | {"retention.ms": "1"})}
    (step,) = (one for one in plan(DECLARED.values(), existing) if one.topic.name == name)
    assert step.action is Action.CONFIGURE
    assert step.differing == (("retention.ms", "1", topic.config["retention.ms"]),)
