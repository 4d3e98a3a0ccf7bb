"""Keys and tokens of programs, told by the prefixes that their makers gave them for this."""

import re
from collections.abc import Iterator

_SECRET = re.compile(
    r"""
    (?<![\w-])(?:
        (?:AKIA|ASIA)[0-9A-Z]{16}                                   # Amazon Web Services
      | gh[pousr]_[A-Za-z0-9]{36,251} | github_pat_\w{22,255}        # GitHub
      | glpat-[\w-]{20,64}                                           # GitLab
      | xox[abeoprs]-[A-Za-z0-9-]{10,250}                            # Slack
      | AIza[\w-]{35}                                                # Google
      | ya29\.[\w-]{20,500}
      | [rs]k_live_[A-Za-z0-9]{16,247}                               # Stripe
      | sk-(?:proj-|ant-|or-)?[A-Za-z0-9_-]{32,200}                  # model vendors
      | hf_[A-Za-z]{34}                                              # Hugging Face
      | npm_[A-Za-z0-9]{36} | pypi-AgE[\w-]{50,500}                  # package registries
      | SG\.[\w-]{22}\.[\w-]{43}                                     # SendGrid
      | gsm_[A-Za-z0-9_]{24,120}                                     # Goldsmith
      | eyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{10,1000}         # JSON Web Tokens
    )(?![\w-])
    | -----BEGIN\ (?:[A-Z]+\ )?PRIVATE\ KEY(?:\ BLOCK)?-----
      [\s\S]{40,8000}?
      -----END\ (?:[A-Z]+\ )?PRIVATE\ KEY(?:\ BLOCK)?-----
    """,
    re.VERBOSE,
)
_HIDDEN = re.compile(r"(?i)x{8,}|\*{4,}|example")


def secrets(text: str) -> Iterator[tuple[int, int]]:
    """Keys, tokens and private keys; those that stand for one in documentation are left."""
    for match in _SECRET.finditer(text):
        if _HIDDEN.search(match[0]) is None:
            yield match.span()
