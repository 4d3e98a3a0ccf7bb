import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from goldsmith import __version__
from goldsmith.errors import RecipeError
from goldsmith.labeling.policies import parse_policy
from goldsmith.refine import recipes
from goldsmith.refine.locks import lock
from goldsmith.refine.recipe import load_recipe, source_types, stage_types
from goldsmith.tasks.schemas import parse_schema

HEAD = """\
goldsmith: 1
name: x
source:
  - kind: system-docs
stages:
  - decode
"""
BUNDLED = Path(recipes.__path__[0]) / "which-licence.yaml"


def test_a_recipe_has_its_sources_and_stages_with_all_parameters():
    recipe = load_recipe(HEAD + "  - length: {min_characters: 7}\n  - repair:\n", origin="r.yaml")

    assert [source.label for source in recipe.sources] == ["system-docs"]
    assert [stage.name for stage in recipe.stages] == ["decode", "length", "repair"]
    assert msgspec.to_builtins(recipe.stages[1]) == {"cpu_seconds": 10.0, "min_characters": 7, "max_characters": None}
    assert (recipe.name, recipe.title) == ("x", "x")


def test_other_sections_are_handed_on_with_their_lines():
    recipe = load_recipe(HEAD + "project:\n  schema:\n    questions:\n      - name: q\nrelease: {}\n", origin="r.yaml")

    assert recipe.extra == {"project": {"schema": {"questions": [{"name": "q"}]}}, "release": {}}
    assert recipe.line_of("project", "schema", "questions", 0, "name") == 10
    assert str(recipe.error("no such thing", "release")) == "r.yaml:11: no such thing"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "  - lenght: {}\n", "r.yaml:7: unknown stage 'lenght'; did you mean 'length'?"),
        (
            HEAD + "  - length: {min_character: 3}\n",
            "'length' has no parameter 'min_character'; did you mean 'min_characters'?",
        ),
        (
            HEAD + "  - length:\n      min_characters: many\n",
            "r.yaml:8: 'length': parameter 'min_characters': expected `int`, got `str`.",
        ),
        (
            HEAD + "  - gopher-quality: {tokens: word}\n",
            "r.yaml:7: 'gopher-quality': 'tokens' cannot be 'word'; did you mean 'words'?",
        ),
        (
            HEAD + "  - personal-data: {kinds: [email, fone]}\n",
            "r.yaml:7: 'personal-data': 'kinds' cannot be 'fone'; did you mean 'phone'?",
        ),
        (
            HEAD + "  - language: {keep: [en, 3]}\n",
            "r.yaml:7: 'language': parameter 'keep.1': expected `str`, got `int`.",
        ),
        (
            HEAD + "  - repair: {mojibake: no}\n",
            "r.yaml:7: 'repair': parameter 'mojibake': expected `bool`, got `str`.",
        ),
        (
            HEAD + "  - length: {max_characters: 3, min_characters: 5}\n",
            "`max_characters` is below `min_characters` (5)",
        ),
        (HEAD + "  - near-duplicates: {threshold: 3}\n", "`threshold` has to be above 0 and at most 1"),
        (HEAD + "  - near-duplicates: {bands: 0}\n", "`bands` has to lie between 1 and 256"),
        (HEAD + "  - language: {min_score: 65}\n", "`min_score` has to lie between 0 and 1"),
        (HEAD + "  - length: 3\n", "r.yaml:7: the parameters of 'length' have to be a mapping."),
        (HEAD + "  - [length]\n", "r.yaml:7: a stage is written `- name: {parameter: value}`."),
        (HEAD + "  - decode\n", "r.yaml:7: the first stage, and only the first, has to be 'decode'."),
        (HEAD.replace("- decode", "- length"), "r.yaml:6: the first stage, and only the first, has to be 'decode'."),
        (
            HEAD.replace("system-docs", "system-doc"),
            "r.yaml:4: unknown source 'system-doc'; did you mean 'system-docs'?",
        ),
        (HEAD.replace("kind: system-docs", "paths: [a]"), "r.yaml:4: a source is a mapping with its `kind`."),
        (HEAD.replace("system-docs", "files"), "r.yaml:4: 'files' needs the parameter 'paths'."),
        (HEAD.replace("system-docs", "{kind: files}"), "r.yaml:4: unknown source"),
        (HEAD.replace("system-docs", "files\n    paths: []"), "`paths` has to name at least one file"),
        (HEAD.replace("system-docs", "files\n    paths: [a]\n    extensions: [txt]"), "write '.txt'"),
        (HEAD.replace("system-docs", "system-docs\n    max_bytes: 0"), "`max_bytes` has to be at least 1"),
        (HEAD.replace("system-docs", "python-packages\n    kinds: [poem]"), "`kinds` has to name some of licence"),
        (HEAD.replace("goldsmith: 1", "goldsmith: 2"), "r.yaml:1: `goldsmith` has to be 1"),
        (HEAD.replace("goldsmith: 1", "goldsmith: true"), "r.yaml:1: `goldsmith` has to be 1"),
        (HEAD.replace("name: x", "name: X Y"), "r.yaml:2: `name` has to be 1 to 64 lower-case letters"),
        (HEAD.replace("name: x", "name: x\ntitle: 3"), "r.yaml:3: `title` has to be a text."),
        (
            HEAD.replace("stages:\n  - decode\n", "stages: []\n"),
            "r.yaml:5: `stages` has to be a list with at least one",
        ),
        (HEAD.partition("stages")[0], "r.yaml: the section 'stages' is missing."),
        (HEAD + "projct: {}\n", "r.yaml:7: unknown section 'projct'; did you mean 'project'?"),
        ("- 1\n", "r.yaml:1: a recipe is a mapping with the sections"),
        ("", "r.yaml is empty."),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_the_nearest_name(text: str, said: str):
    with pytest.raises(RecipeError) as caught:
        load_recipe(text, origin="r.yaml")

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_plugin_is_called_after_its_file():
    for name, stage in stage_types().items():
        assert stage.name == name
    for name, source in source_types().items():
        assert source.kind == name


def test_a_lock_pins_parameters_versions_and_libraries():
    recipe = load_recipe(HEAD + "  - near-duplicates: {threshold: 0.9}\n", origin="r.yaml")

    pinned = lock(recipe)

    assert pinned["goldsmith"] == __version__
    assert pinned["recipe_sha256"] == recipe.sha256
    assert json.loads(json.dumps(pinned["stages"]))[1] == {
        "name": "near-duplicates",
        "version": "2",
        "parameters": {"threshold": 0.9, "words": 5, "bands": 16, "rows": 7},
    }
    libraries = msgspec.convert(pinned["libraries"], dict[str, str])
    assert set(libraries) >= {"resiliparse", "numba", "pyarrow"}


def test_the_same_text_has_the_same_hash_and_another_has_not():
    recipe = load_recipe(HEAD, origin="a")

    assert load_recipe(HEAD, origin="b").sha256 == recipe.sha256
    assert load_recipe(HEAD + "# a comment\n", origin="b").sha256 != recipe.sha256


def test_reading_a_recipe_loads_nothing_heavy():
    program = (
        "import sys, goldsmith.refine; from pathlib import Path;"
        "goldsmith.refine.load_recipe(Path(sys.argv[1]).read_text(encoding='utf-8'), origin='r');"
        "print({'numba', 'numpy', 'polars', 'sklearn', 'pyarrow', 'requests'} & set(sys.modules) or 'light')"
    )

    done = subprocess.run([sys.executable, "-c", program, str(BUNDLED)], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "light"


def test_the_bundled_recipe_asks_for_the_licence_and_its_holder():
    recipe = load_recipe(BUNDLED.read_text(encoding="utf-8"), origin=BUNDLED.name)

    project = msgspec.convert(recipe.extra["project"], dict[str, object])
    schema = parse_schema(project["schema"])
    assert [question.name for question in schema.questions] == ["licence", "holder"]
    policy = parse_policy(project["policy"])
    assert (policy.overlap, policy.order, policy.only_uncertain, policy.target_confidence) == (1, "need", True, 0.95)
    models = msgspec.convert(recipe.extra["models"], list[dict[str, dict[str, str]]])
    assert [next(iter(model)) for model in models] == ["declared-metadata", "licence-keywords", "nearest-neighbours"]


def test_the_bundled_guideline_speaks_of_every_option():
    recipe = load_recipe(BUNDLED.read_text(encoding="utf-8"), origin=BUNDLED.name)
    project = msgspec.convert(recipe.extra["project"], dict[str, object])

    options = msgspec.to_builtins(parse_schema(project["schema"]))["questions"][0]["options"]

    assert len({option["key"] for option in options}) == len(options) == 17
    for option in options:
        assert f"**{option['label']}**" in str(project["guideline"]), option["label"]
