import importlib.metadata

import pytest

from goldsmith.models.licence_texts import recognised
from goldsmith.models.licences import declared_family, speaks_for

MIT = """MIT License. Copyright (c) 2020 Jane Doe
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software.
{notice}
THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED."""
NOTICE = """The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software."""
BSD = """Redistribution and use in source and binary forms, with or without modification, are permitted provided that:
* Redistributions of source code must retain the above copyright notice, this list of conditions and the disclaimer.
{binary}
{names}
{credit}
THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES ARE DISCLAIMED."""
BINARY = "* Redistributions in binary form must reproduce the above copyright notice in the documentation."
NAMES = """* Neither the name of the holder nor of its contributors may be used to endorse or promote products derived
  from this software."""
CREDIT = "* All advertising materials mentioning features or use of this software must display this acknowledgement."
ISC = """Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby
granted{provided}.
THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE."""
PROVIDED = ", provided that the above copyright notice and this permission notice appear in all copies"
GPL_NOTICE = """This program is free software: you can redistribute it and/or modify it under the terms of the
GNU {kind}General Public License as published by the Free Software Foundation, either version {version} of the License,
or (at your option) any later version."""


@pytest.mark.parametrize(
    ("text", "family"),
    [
        (MIT.format(notice=NOTICE), "MIT"),
        (MIT.format(notice=NOTICE).replace(" ", "\n *  "), "MIT"),
        (MIT.format(notice=""), "other"),
        (MIT.format(notice=f"{NOTICE} The Software shall be used for Good, not Evil."), "other"),
        (BSD.format(binary=BINARY, names=NAMES, credit=""), "BSD-3-Clause"),
        (BSD.format(binary=BINARY, names="", credit=""), "BSD-2-Clause"),
        (BSD.format(binary=BINARY, names=NAMES, credit=CREDIT), "other"),
        (BSD.format(binary="", names="", credit=""), "other"),
        (ISC.format(provided=PROVIDED), "ISC"),
        (ISC.format(provided=""), "other"),
        (MIT.format(notice=NOTICE) + BSD.format(binary=BINARY, names="", credit=""), "several"),
        (MIT.format(notice=NOTICE) * 2, "MIT"),
        (MIT.format(notice=NOTICE) + GPL_NOTICE.format(kind="", version=2), "several"),
        (GPL_NOTICE.format(kind="", version=3), "GPL-3.0"),
        (GPL_NOTICE.format(kind="", version=2), "GPL-2.0"),
        (GPL_NOTICE.format(kind="Lesser ", version="2.1"), "LGPL-2.1"),
        (GPL_NOTICE.format(kind="Affero ", version=3), "AGPL-3.0"),
        ("Licensed under the Apache License, Version 2.0 (the “Licence”); you may not use this file …", "Apache-2.0"),
        ("This licence is for code that the author places in the public domain, without warranty.", "public-domain"),
        ("# Changelog\n\n## 1.2\n\nThe parser is faster, and two bugs are gone.", "no-licence"),
        ("Jane Doe\nJohn Roe\nÅsa Öberg", "no-licence"),
        ("The parser reads files. " * 500 + MIT.format(notice=NOTICE), "no-licence"),
    ],
)
def test_a_text_is_recognised(text: str, family: str):
    found = recognised(text)

    assert found is not None
    assert found.family == family
    assert found.evidence


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "🎈",
        "Made available under the terms of *either* of the licenses found in LICENSE.APACHE or LICENSE.BSD.",
        "Licensed under the Apache License, Version 2.0, or subject to the terms of the Mozilla Public License, v. 2.0",
        "You may copy this software under these conditions: no warranty, no liability, this permission notice stays.",
    ],
)
def test_what_the_phrases_do_not_tell_is_left_open(text: str):
    assert recognised(text) is None


def installed_licences() -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for package in importlib.metadata.distributions():
        about = package.metadata
        declared = "\n".join([about["License-Expression"] or about["License"] or "", *about.get_all("Classifier", [])])
        declared = "\n".join(
            line for line in declared.splitlines() if "::" not in line or line.startswith("License ::")
        )
        family = declared_family(declared)
        files = [file for file in package.files or [] if ".dist-info" in str(file) and speaks_for(str(file))]
        if family is not None and len(files) == 1 and files[0].locate().is_file():
            text = files[0].locate().read_text("utf-8", errors="replace")
            found.append((f"{about['Name']}: {files[0].name}", text, family))
    return found


def test_the_texts_of_installed_packages_are_what_they_declare():
    """On real texts: packages with one licence file and one declared licence. Some files do hold more than one."""
    texts = installed_licences()
    if len(texts) < 30:
        pytest.skip(f"only {len(texts)} installed packages declare one licence and carry one file")

    wrong: list[str] = []
    for name, text, family in texts:
        answer = recognised(text)
        if answer is not None and answer.family not in {family, "several"}:
            wrong.append(f"{name} declares {family}, looks like {answer}")

    assert len(wrong) <= 0.02 * len(texts), wrong
    assert sum(recognised(text) is not None for _, text, _ in texts) >= 0.95 * len(texts)
