"""What a workbook holds beside its cells is looked through, wherever it stands (number 41 of the inputs)."""

import pytest
from hand_made_workbook import OFFICE, PACKAGE, packed, parts_of, sheet, text_cell, under_header

from trialdata.formats.workbook import read_workbook
from trialdata.limits import Limits, UnreadableFile

ROW = (text_cell("A2", "S-1"), '<c r="B2"><v>61</v></c>')
PART = "xl/worksheets/_rels/sheet1.xml.rels"


def relations(*targets: tuple[str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="r{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'


def concealed(parts: dict, **sheets: str) -> list[tuple[str, str]]:
    made = parts_of({"A": under_header(*ROW), **sheets}) | parts
    (table,) = read_workbook("visits.xlsx", packed(made), Limits())
    assert table.frame.loc[2].tolist() == ["S-1", "61"]
    return [(text.place, text.text) for text in table.concealed]


def test_threaded_comments_and_who_wrote_them():
    comment = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    texts = concealed(
        {
            PART: relations((comment, "../threadedComments/threadedComment1.xml")),
            "xl/threadedComments/threadedComment1.xml": (
                '<x><threadedComment ref="B2"><text>请电话联系</text></threadedComment></x>'
            ),
            "xl/persons/person.xml": '<personList><person displayName="张三" userId="a@example.org"/></personList>',
        }
    )
    assert ("comment of cell B2", "请电话联系") in texts
    assert {text for place, text in texts if "person" in place} == {"张三", "a@example.org"}


@pytest.mark.parametrize(
    ("part", "xml", "text"),
    [
        ("xl/drawings/drawing1.xml", '<d xmlns:a="x"><a:p><a:t>张三</a:t></a:p></d>', "张三"),
        ("xl/drawings/drawing1.xml", '<d><cNvPr descr="张三的照片"/></d>', "张三的照片"),
        ("xl/drawings/vmlDrawing1.vml", "<xml><div>one<br>张三</div></xml>", "张三"),
        ("xl/pivotCache/pivotCacheRecords1.xml", '<r><s v="张三"/></r>', "张三"),
        ("xl/externalLinks/externalLink1.xml", '<x><cell r="A1"><v>张三</v></cell></x>', "张三"),
        ("docProps/app.xml", "<Properties><Company>某医院</Company></Properties>", "某医院"),
        ("docProps/custom.xml", "<p><property name='负责人'><lpwstr>张三</lpwstr></property></p>", "张三"),
        ("customXml/item1.xml", "<a>张三</a>", "张三"),
        (
            "xl/worksheets/_rels/sheet1.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" TargetMode="External" '
            f'Type="{OFFICE}/hyperlink" Target="mailto:zhangsan@example.org"/></Relationships>',
            "mailto:zhangsan@example.org",
        ),
    ],
)
def test_texts_of_every_other_part(part, xml, text):
    assert text in [found for _, found in concealed({part: xml})]


@pytest.mark.parametrize(
    ("after", "text"),
    [
        ("<headerFooter><oddFooter>&amp;L张三</oddFooter></headerFooter>", "&L张三"),
        ('<dataValidations><dataValidation prompt="张三"/></dataValidations>', "张三"),
        (
            "<dataValidations><dataValidation><formula1>张三</formula1></dataValidation></dataValidations>",
            "张三",
        ),
        ('<hyperlinks><hyperlink ref="A2" tooltip="张三"/></hyperlinks>', "张三"),
    ],
)
def test_texts_of_a_sheet_outside_its_cells(after, text):
    made = parts_of({"A": under_header(*ROW, after=after)})
    (table,) = read_workbook("visits.xlsx", packed(made), Limits())
    assert text in [found.text for found in table.concealed]


def test_a_hidden_sheet_gives_its_texts_and_no_table():
    hidden = sheet(f'<row r="7">{text_cell("C7", "张三")}{text_cell("D7", "张三")}</row>')
    assert ("hidden sheet 名单, cell C7", "张三") in concealed({}, **{"-名单": hidden})


def test_when_a_file_was_saved_is_not_of_a_participant():
    saved = "<cp><created>2025-03-01T08:00:00Z</created><creator>某人</creator></cp>"
    assert concealed({"docProps/core.xml": saved})[-1] == ("document property creator", "某人")


def test_a_part_that_cannot_be_looked_through_refuses_the_workbook():
    with pytest.raises(UnreadableFile) as caught:
        concealed({"xl/drawings/drawing1.xml": "<d><broken"})
    assert caught.value.found == "XML that cannot be read in its part xl/drawings/drawing1.xml"


def test_pictures_and_embedded_files_are_named():
    made = parts_of({"A": under_header(*ROW)}) | {"xl/media/image1.png": b"\x89PNG"}
    (table,) = read_workbook("visits.xlsx", packed(made), Limits())
    assert [part["check"].iloc[0] for part in table.findings] == ["pictures_not_read"]
