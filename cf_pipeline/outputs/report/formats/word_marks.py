"""What a Word file needs for people who cannot see it, and python-docx has no words for.

Header rows that repeat, rows that stay whole, the captions of tables and pictures, the language, and the font
that stands in for one that a machine lacks. Source: ECMA-376, Part 1, 17.4 (tables), 17.8 (fonts), 20.4
(pictures).
"""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import etree

FONT_TABLE = "/word/fontTable.xml"


def mark_table(table: Any, caption: str, description: str) -> None:
    """Give a table its caption and description, repeat its first row on each page, keep rows whole."""
    properties = table._tbl.tblPr
    for tag, text in (("w:tblCaption", caption), ("w:tblDescription", description)):
        element = OxmlElement(tag)
        element.set(qn("w:val"), text)
        properties.append(element)
    for number, row in enumerate(table.rows):
        row_properties = row._tr.get_or_add_trPr()
        row_properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            row_properties.append(OxmlElement("w:tblHeader"))


def mark_picture(picture: Any, title: str, description: str) -> None:
    """Give a picture the title and description that a screen reader says."""
    properties = picture._inline.docPr
    properties.set("title", title)
    properties.set("descr", description)


def set_language(document: Document, language: str) -> None:
    """Set the language of every text that has none of its own."""
    styles = document.styles.element
    defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is None:
        defaults = parse_xml(f"<w:rPr {nsdecls('w')}/>")
        outer = parse_xml(f"<w:docDefaults {nsdecls('w')}><w:rPrDefault/></w:docDefaults>")
        outer[0].append(defaults)
        styles.insert(0, outer)
    for element in list(styles.iter(qn("w:lang"))):
        element.getparent().remove(element)
    element = OxmlElement("w:lang")
    for name in ("w:val", "w:eastAsia"):
        element.set(qn(name), language)
    defaults.append(element)


def set_fallback_font(document: Document, font: str, fallback: str) -> None:
    """Name the font that stands in for another where a machine lacks it."""
    part = next((each for each in document.part.package.iter_parts() if each.partname == FONT_TABLE), None)
    if part is None:
        return
    root = etree.fromstring(part.blob)
    found = [element for element in root if element.get(qn("w:name")) == font]
    element = found[0] if found else etree.SubElement(root, qn("w:font"), {qn("w:name"): font})
    if element.find(qn("w:altName")) is None:
        element.insert(0, etree.Element(qn("w:altName"), {qn("w:val"): fallback}))
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
