"""What is wrong is told in one line that says how to go on, and nothing half-written stays."""

from pathlib import Path

import pytest
from cli_commands import done, goldsmith, process, write_recipe


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with files that are wrong in many ways."""
    folder = tmp_path_factory.mktemp("work")
    write_recipe(folder / "stage", stage="lenght: {}")
    write_recipe(folder / "parameter", stage="length: {minimum: 3}")
    empty = write_recipe(folder / "empty")
    for document in (folder / "empty" / "documents").iterdir():
        document.unlink()
    for name, what in (("question", "type: choise"), ("model", "licence-keyword")):
        text = empty.read_text(encoding="utf-8")
        text = text.replace("type: choice", what) if name == "question" else text.replace("licence-keywords", what)
        (folder / f"{name}.yaml").write_text(text.replace("[documents]", "[.]"), encoding="utf-8")
    (folder / "tabs.yaml").write_text("goldsmith: 1\n\tname: x\n", encoding="utf-8")
    (folder / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    (folder / "list.yaml").write_text("- a\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["run", "missing.yaml"], 2, "missing.yaml cannot be read: No such file"),
        (["run", "."], 2, "is a folder. Name a YAML file."),
        (["run", "binary.yaml"], 2, "binary.yaml is not UTF-8"),
        (["run", "tabs.yaml"], 2, "tabs.yaml:2:"),
        (["run", "stage/small.yaml"], 2, "small.yaml:9: unknown stage 'lenght'; did you mean 'length'?"),
        (["run", "parameter/small.yaml"], 2, "small.yaml:9: 'length' has no parameter 'minimum'"),
        (["refine", "missing.yaml", "--out", "out"], 2, "No such file"),
        (["items", "list"], 4, "There is no home at"),
        (["project", "create", "x", "--question", "How?"], 2, "with an --option TEXT for each answer"),
        (["project", "create", "x", "--schema", "missing.yaml"], 2, "No such file"),
        (["project", "create", "x", "--schema", "list.yaml"], 2, "is not a mapping"),
        (["recipes", "show", "which-license"], 4, "did you mean 'which-licence'?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_word_is_told_before_a_home_is_made(work: Path, tmp_path: Path, *, words, code, said):
    words = [str(work / word) if (work / word).exists() or word.endswith(".yaml") else word for word in words]
    home = None if words[0] == "recipes" or "--out" in words else tmp_path / "home"
    ended = goldsmith(*words, home=home)
    assert (ended.code, ended.out) == (code, "")
    assert ended.error.startswith("Error: ")
    assert said in ended.error
    assert list(tmp_path.iterdir()) == []


def test_a_recipe_that_fails_leaves_no_project_and_no_corpus(work: Path, tmp_path: Path):
    home = tmp_path / "home"
    for recipe, said in (
        (work / "empty" / "small.yaml", "has no file that ends in"),
        (work / "question.yaml", "choise"),
        (work / "model.yaml", "licence-keyword"),
    ):
        ended = goldsmith("run", recipe, "--json", home=home)
        assert ended.code == 2, ended.err
        assert said in ended.error
    assert done("project", "list", "--json", home=home).json == {"rows": []}
    assert {job["state"] for job in done("job", "list", "--json", home=home).json["rows"]} == {"failed"}
    corpora = home / "vaults" / "default" / "corpora"
    assert not corpora.exists() or list(corpora.iterdir()) == []


def test_files_and_names_that_are_wrong_change_nothing(tmp_path: Path):
    home = tmp_path / "home"
    done("project", "create", "Reviews", "--question", "How?", "--option", "good", "--option", "bad", home=home)
    (tmp_path / "empty.csv").touch()
    (tmp_path / "binary.csv").write_bytes(b"text\n\x00\x01\x02\n")
    (tmp_path / "header.csv").write_text("text,text\na,b\n", encoding="utf-8")
    for words, code, said in (
        (["import", tmp_path / "missing.csv"], 2, "No such file"),
        (["import", tmp_path / "empty.csv"], 2, "is empty"),
        (["import", tmp_path / "binary.csv"], 2, "not text"),
        (["import", tmp_path / "header.csv"], 2, "stands twice"),
        (["import", tmp_path / "empty.csv", "--project", "review"], 4, "did you mean 'reviews'?"),
        (["items", "show", "nothing"], 4, "There is no item"),
        (["release", "make", "--json"], 2, "no items"),
        (["job", "watch", "nothing", "--vault", "acme"], 4, "known: default"),
        (["user", "role", "Nobody", "manager"], 4, "There is no person"),
        (["project", "policy", "--set", "overlap=0"], 2, "overlap must be 1 to 100"),
    ):
        ended = goldsmith(*words, home=home)
        assert (ended.code, ended.out) == (code, ""), ended.err
        assert said in ended.error
    assert done("items", "list", "--json", home=home).json["rows"] == []


def test_an_unknown_setting_stops_every_command_that_reads_settings(tmp_path: Path):
    ended = process("serve", home=tmp_path / "home", GOLDSMITH_PROT="1")
    assert ended.code == 2
    assert ended.error == "Error: GOLDSMITH_PROT is not a setting; did you mean 'GOLDSMITH_PORT'?"


def test_a_release_is_judged_without_a_home(tmp_path: Path):
    assert goldsmith("verify", tmp_path).code == 11
    assert goldsmith("verify", tmp_path / "missing").code == 11
    no_key = goldsmith("verify", tmp_path, "--key", tmp_path / "missing.txt")
    assert no_key.code == 7
    assert "no public key can be read" in no_key.error
    assert goldsmith("verify", tmp_path, "--key", "ed25519:abc").code == 2
    wrong_word = goldsmith("verfy", tmp_path)
    assert wrong_word.code == 2
    assert "Did you mean 'verify'?" in wrong_word.err
