import sys
from pathlib import Path

from tools import gates
from tools.gates import Gate, first_failure, main


def python(name: str, code: str) -> Gate:
    return Gate(name, (Path(sys.executable).name, "-c", code))


def test_a_row_ends_with_its_first_failure_whose_words_are_shown(tmp_path, capsys):
    row = [
        python("good", "print('nobody needs this')"),
        python("bad", "import sys; print('because of this', file=sys.stderr); sys.exit(3)"),
        python("never", f"open({str(tmp_path / 'ran')!r}, 'w')"),
    ]

    assert first_failure(row) == "bad"
    said = capsys.readouterr().out
    assert "good           ok" in said
    assert "bad            FAILED" in said
    assert "because of this" in said
    assert "nobody needs this" not in said
    assert not (tmp_path / "ran").exists()


def test_after_a_failure_the_other_gates_still_run_and_all_that_failed_are_named(monkeypatch, capsys):
    bad = [python(name, "raise SystemExit(1)") for name in ("one", "two")]
    monkeypatch.setattr(gates, "GATES", (bad[0], python("good", ""), bad[1]))

    assert main([]) == 2
    said = capsys.readouterr().out
    assert said.splitlines()[-1] == "gates failed: one, two"
    assert "good           ok" in said
    assert main(["everything"]) == 2
