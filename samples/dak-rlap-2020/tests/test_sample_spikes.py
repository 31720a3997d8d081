from collections import Counter
from itertools import pairwise

from motcua_sample_dak_rlap.counts import count_by_department
from motcua_sample_dak_rlap.office_hours import DAY_NUMBERS, LAST_DAY, WORKING_DAYS
from motcua_sample_dak_rlap.spikes import spiked_year

SEED = 7


def test_each_department_has_one_spike_and_few_stand_together() -> None:
    spikes = spiked_year(SEED).spikes
    places = Counter((spike.unit, spike.department) for spike in spikes)
    assert len(places) >= 40
    assert set(places.values()) == {1}
    days = [DAY_NUMBERS[spike.due_day] for spike in spikes]
    assert min(later - earlier for earlier, later in pairwise(days)) >= 3


def test_each_spike_is_that_many_results_past_their_due_date_by_the_independent_count() -> None:
    year = spiked_year(SEED)
    found = count_by_department((one.event for one in year.deliveries), WORKING_DAYS[0], LAST_DAY)
    overdue = {place: counts.resolved_overdue for place, counts in found.items()}
    for spike in year.spikes:
        assert overdue[spike.unit, spike.department] >= spike.dossiers
    injected = sum(spike.dossiers for spike in year.spikes)
    assert sum(overdue.values()) == injected + 25
