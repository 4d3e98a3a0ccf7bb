"""Commands that commands tell people to run."""

import shlex

from goldsmith.releases.wire import ReleaseView


def verify_command(folder: str, release: ReleaseView) -> str:
    """The command that verifies a release which lies in `folder`."""
    in_the_release = release.verify_commands[0].split(" ")  # goldsmith verify . --key KEY
    return " ".join(shlex.quote(folder) if word == "." else word for word in in_the_release)
