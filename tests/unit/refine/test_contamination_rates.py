"""The rate of contamination in a report holds the truth: real texts, planted items and the stage itself in the loop."""

from pathlib import Path

import numpy as np
from rephrased_items import clean_documents, pairs

from benchmarks.refining.planted_items import Corpus, Known, Planted, coverage

RATES = (0.0, 0.03, 0.1, 0.3)
FORMS = ("verbatim", "partly", "rephrased")
N_CORPORA = 40
N_DOCUMENTS = 100


def test_the_interval_of_a_report_holds_the_rate_at_which_items_were_planted(tmp_path: Path):
    items = [Planted(each.id, each.question, each.answer, each.rephrased) for each in pairs()]
    corpora = [Corpus(N_DOCUMENTS, RATES[number % len(RATES)], FORMS) for number in range(N_CORPORA)]

    found = coverage(Known(items, clean_documents()), corpora, tmp_path, np.random.default_rng(3))

    assert found.n == N_CORPORA
    assert 0.9 * found.n_planted < found.n_found < found.n_planted  # 460 of 474 measured
    assert found.n_false == 0
    assert found.rate >= 35  # 37 measured; 38 are nominal
    assert found.share >= 37  # 40 measured: the share of one corpus lies nearer to what is found in it
    assert found.after >= 37  # 40 measured
