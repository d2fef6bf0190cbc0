"""Encodings of the catalogue of inputs: every text comes back letter by letter, or the file is
refused; never nonsense."""

import pytest

from trialdata.limits import UnreadableFile
from trialdata.text_decoding import decode

CHINESE = "受试者编号,访视,血小板\nS-01,第4周,45\nS-02,基线,12\n"
WESTERN = "USUBJID,AVALU,AETERM\nS-01,10³/µL,Pétéchies\nS-02,10³/µL,Übelkeit\n"


def table(cell: str) -> str:
    return f"USUBJID,TEXT\nS-01,{cell}\nS-02,x\n"


READ = {  # text, how it was written, what must be recognised
    "UTF-8": (CHINESE, "utf-8", "UTF-8"),
    "UTF-8 with mark": (CHINESE, "utf-8-sig", "UTF-8"),
    "UTF-16 little-endian": (CHINESE, "utf-16", "UTF-16"),
    "GBK": (CHINESE, "gbk", "GB18030"),
    "GB18030 with a rare name character": (CHINESE.replace("基线", "喆"), "gb18030", "GB18030"),
    "four-byte signs": (table("×10⁹/L"), "gb18030", "GB18030"),
    "Chinese of the second level": (table("紫癜 鼻衄"), "gbk", "GB18030"),
    "bytes that are UTF-8 by chance": (table("女"), "gbk", "GB18030"),
    "the word that fools editors": (table("联通"), "gbk", "GB18030"),
    "Chinese mu": (table("个/μL"), "gbk", "GB18030"),
    "Windows-1252": (WESTERN, "cp1252", "Windows-1252"),
    "micro sign that takes the L with it in GBK": (table("cells/µL"), "cp1252", "Windows-1252"),
    "German": (table("Größe, Übelkeit"), "cp1252", "Windows-1252"),
    "UTF-8 with mu": (table("10³/µL"), "utf-8", "UTF-8"),
    "UTF-8 Greek": (table("IFN-α"), "utf-8", "UTF-8"),
    "UTF-8 alone é": (table("é"), "utf-8", "UTF-8"),
    "UTF-8 Polish": (table("Łódź"), "utf-8", "UTF-8"),
}


@pytest.mark.parametrize("case", READ)
def test_every_letter_comes_back(case):
    text, encoding, recognised = READ[case]
    assert decode(text.encode(encoding)) == (text.encode(), recognised)


def test_line_ends_of_every_kind_become_one():
    assert decode(b"a\r\nb\rc\nd").data == b"a\nb\nc\nd"
    assert decode("a\r\nb\r".encode("utf-16")).data == b"a\nb\n"


UTF8_MU = "S-01,10³/µL\n".encode()
REFUSED = {  # bytes, check, row
    "half UTF-8, half GBK": ("第1周\n".encode() + "第2周\n".encode("gbk"), "encoding", 2),
    "half GBK, half UTF-8": ("第1周\n第2周\n".encode("gbk") + "第3周\n".encode(), "encoding", 1),
    "signs in UTF-8, Chinese in GBK": (UTF8_MU + "S-02,基线 第四周 血小板\n".encode("gbk"), "encoding", 2),
    "signs in UTF-8 and in Windows-1252": (UTF8_MU + "S-02,10³/µL\n".encode("cp1252"), "encoding", 2),
    "Windows-1252 beside GBK": (
        "S-01,10³/µL\n".encode("cp1252") + "S-02,基线 第四周\n".encode("gbk"),
        *("encoding", 1),
    ),
    "Big5": (table("血小板計數 第四週 嚴重程度").encode("big5"), "encoding", 2),
    "Shift-JIS": (table("血小板数 検査 カタカナ").encode("shift_jis"), "encoding", 2),
    "Cyrillic": (table("Тромбоциты количество").encode("cp1251"), "encoding", 2),
    "UTF-32": (CHINESE.encode("utf-32"), "encoding", None),
    "UTF-16 cut within a letter": (CHINESE.encode("utf-16")[:-1], "encoding", None),
    "a zero byte": (b"a,b\r\n1,2\r\n3,\0\r\n", "nul_bytes", 3),
    "a zero byte after old Mac line ends": (b"a,b\r1,2\r3,\0\r", "nul_bytes", 3),
    "a zero letter in UTF-16": ("a,b\n1,\0\n".encode("utf-16"), "nul_bytes", 2),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_makes_no_sense_is_refused_with_its_row(case):
    content, check, row = REFUSED[case]
    with pytest.raises(UnreadableFile) as problem:
        decode(content)
    assert (problem.value.check, problem.value.row) == (check, row)
