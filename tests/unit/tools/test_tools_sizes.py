from pathlib import Path

from tools.sizes import long_functions, problems_of


def function_of(n_lines: int) -> str:
    return "def long_one():\n" + "    x = 1\n" * (n_lines - 1)


def test_a_function_at_the_limit_fits_and_one_line_more_does_not() -> None:
    assert list(long_functions(function_of(60))) == []
    (problem,) = long_functions(function_of(61))
    assert problem.startswith("1: long_one has 61 lines, at most 60")


def test_methods_and_inner_functions_are_measured_too() -> None:
    source = "class C:\n    async def m(self):\n" + "        x = 1\n" * 60
    (problem,) = long_functions(source)
    assert problem.startswith("2: m has 61 lines")


def test_long_files_are_found_by_kind(tmp_path: Path) -> None:
    limits = {"a.py": 500, "b.svelte": 200, "c.ts": 500}
    for name, limit in limits.items():
        (tmp_path / name).write_text("\n" * limit)
        assert list(problems_of(tmp_path / name, tmp_path)) == []
        (tmp_path / name).write_text("\n" * (limit + 1))
        (problem,) = problems_of(tmp_path / name, tmp_path)
        assert f"{name}: {limit + 1} lines, at most {limit}" in problem


def test_a_migration_may_list_its_tables_in_one_long_function(tmp_path: Path) -> None:
    path = tmp_path / "src/goldsmith/store/migrations/vault/r0001_initial.py"
    path.parent.mkdir(parents=True)
    path.write_text(function_of(100))
    assert list(problems_of(path, tmp_path)) == []


def test_other_kinds_of_files_have_no_limit(tmp_path: Path) -> None:
    (tmp_path / "long.md").write_text("\n" * 9999)
    assert list(problems_of(tmp_path / "long.md", tmp_path)) == []
