import pytest

from goldsmith.models.copyright_holders import copyright_holders


def names(text: str) -> list[str]:
    return [text[holder.start : holder.end] for holder in copyright_holders(text)]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Copyright (c) 2012-2020 Jane Doe <jane@example.org>", "Jane Doe"),
        ("Copyright (c) 2012-2020, Jane Doe (https://example.org)", "Jane Doe"),
        ("Copyright © 2018 Fedor Łukasz.", "Fedor Łukasz"),
        ("COPYRIGHT (C) 1999 by Secret Labs AB. ALL RIGHTS RESERVED", "Secret Labs AB"),
        ("Copyright 2016-present, Facebook, Inc.", "Facebook, Inc."),
        ("Copyright (c) 2001, 2002 Enthought, Inc. All rights reserved.", "Enthought, Inc."),
        ("Copyright (c) 2010 - 2023 Holger Krekel and others", "Holger Krekel and others"),
        ("Copyright Jason R. Coombs", "Jason R. Coombs"),
        ("Copyright (c) 2013 J. R. Doe, see AUTHORS for more details.", "J. R. Doe"),
        ("Copyright 2014 The Chromium Authors. All rights reserved.", "The Chromium Authors"),
        ("Copyright (c) Pydantic Services Inc. 2025 to present", "Pydantic Services Inc."),
        ("Copyright Fedor Indutny, 2018.", "Fedor Indutny"),
        ("Copyright: 2009, Google Inc", "Google Inc"),
        ("Copyright: Copyright (C) 2005 Jane Doe", "Jane Doe"),
        ("   * Copyright (c) 2011 The LevelDB Authors. All rights reserved.", "The LevelDB Authors"),
        ("# Copyright 2023 Jane Doe", "Jane Doe"),
        ("**Copyright (c) 2019 Kevin Sheppard. All rights reserved.**", "Kevin Sheppard"),
        ("(c) 2014 Armin Ronacher.", "Armin Ronacher"),
        ("© Jane Doe", "Jane Doe"),
        ("Portions Copyright 2017 Google Inc.", "Google Inc."),
        ("Copyright (c) 2015 Jane Doe. Permission is hereby granted, free of charge", "Jane Doe"),
        ("Copyright (c) 2012-2018 Aseem Kishore, and [others].", "Aseem Kishore"),
        ("Copyright (C) 2007 Free Software Foundation, Inc. <https://fsf.org/>", "Free Software Foundation, Inc."),
        ("Copyright (c) 2005-2021, the NumPy developers; all rights reserved", "the NumPy developers"),
        ("Copyright: 2005, 2006 by Theodore Ts'o.", "Theodore Ts'o"),
        ("Copyright (c) 2010-202x The platformdirs developers", "The platformdirs developers"),
    ],
)
def test_the_name_alone_is_marked(line: str, name: str):
    assert names(f"MIT License\n\n{line}\n\nPermission is granted.") == [name]


@pytest.mark.parametrize(
    "line",
    [
        "Copyright [yyyy] [name of copyright owner]",
        "Copyright (c) <year> <owner>. All rights reserved.",
        "Copyright (C) 19yy  name of author",
        "Copyright (C) yyyy name of author",
        "Copyright {{ year }} {{ organization }}",
        "The above copyright notice and this permission notice shall be included",
        "copyright notice, this list of conditions and the following disclaimer.",
        "COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM",
        "COPYRIGHT OWNER OR CONTRIBUTORS BE LIABLE",
        "Copyright Law and the laws of other countries",
        "Copyright and Related Rights",
        "copyright license to reproduce, prepare Derivative Works of",
        "disclaims all copyright interest in the program",
        "(c) You must retain, in the Source form of any Derivative Works",
        "they hold the copyright of John",
        "Copyright (c) their respective copyright owners",
        "Copyright (c) 2019",
        "copyright",
        "Copyright (c)",
    ],
)
def test_templates_and_prose_name_nobody(line: str):
    assert names(f"\n{line}\n\n") == []


def test_years_and_names_may_run_over_lines():
    text = "Copyright (c) 2001, 2002,\n2004 Python Software Foundation;\nAll rights\n\nCopyright (c) 2007\n  Jane Doe\n"

    assert names(text) == ["Python Software Foundation", "Jane Doe"]


def test_several_lines_give_several_holders_in_order():
    text = (
        "Copyright (c) 2014 Vitaly Puzrin\r\nCopyright (c) 2015 Alex Kocharin\r\nCopyright (c) 2015 Alex Kocharin\r\n"
    )

    assert names(text) == ["Vitaly Puzrin", "Alex Kocharin", "Alex Kocharin"]


def test_offsets_are_code_points_of_the_unchanged_text():
    text = "🎈 é\u0301 \u200d\n\tCopyright © 2020 Zoë 🎈 Müller <z@example.org>\n"

    (holder,) = copyright_holders(text)

    assert (holder.start, text[holder.start : holder.end]) == (text.index("Zoë"), "Zoë 🎈 Müller")


def test_a_huge_line_takes_no_huge_time():
    assert names("copyright " * 200_000) == []
    assert names("Copyright (c) 2020 " + "x" * 1_000_000) == []
    assert names("Copyright " + "2001, " * 100_000) == []
