"""The tokeniser of spaCy, which is installed beside Goldsmith by those who want it."""

from importlib.util import find_spec

import pytest

from goldsmith.errors import RecipeError
from goldsmith.refine.recipe import load_recipe
from goldsmith.refine.stages.gopher_quality import GopherQuality

RECIPE = "goldsmith: 1\nname: x\nsource: [{{kind: files, paths: [a]}}]\nstages: [decode, {stage}: {{tokens: spacy}}]\n"


@pytest.mark.skipif(find_spec("spacy") is not None, reason="spaCy is installed here")
@pytest.mark.parametrize("stage", ["gopher-quality", "gopher-repetition", "fineweb-quality", "fineweb2-quality"])
def test_a_recipe_that_names_spacy_says_what_to_install(stage: str):
    with pytest.raises(RecipeError, match=r"r.yaml:4: .*`tokens: spacy` needs spaCy.*`pip install spacy`"):
        load_recipe(RECIPE.format(stage=stage), origin="r.yaml")


def test_other_tokenisers_pin_no_further_library():
    assert GopherQuality(tokens="words").chosen_libraries() == ()
