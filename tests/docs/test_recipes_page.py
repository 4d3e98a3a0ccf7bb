import re
from pathlib import Path

from goldsmith.refine.recipe import OTHERS, OWN, load_recipe

PAGE = (Path(__file__).resolve().parents[2] / "docs/recipes.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_is_a_recipe_that_loads():
    (example,) = EXAMPLES
    recipe = load_recipe(example, origin="docs/recipes.md")
    assert recipe.name == "support-mails"
    assert len(recipe.stages) == 7


def test_every_section_is_explained():
    for section in (*OWN, *OTHERS):
        assert re.search(rf"^\|.*`{section}`.*\|", PAGE, re.MULTILINE), section
