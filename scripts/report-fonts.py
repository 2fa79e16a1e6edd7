"""Makes the fonts of the PDF reports from the UI's variable font: two static weights with digits of equal width.

Run `pip install fonttools brotli`, then `python3 scripts/report-fonts.py`. The PDF crate reads TrueType only, and without
shaping of text neither weights nor features could be chosen at run time.
"""

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "ui/src/assets/fonts"
TARGET = ROOT / "src-tauri/crates/pdf/assets/fonts"
WEIGHTS = {"Inter-Regular.ttf": 400, "Inter-SemiBold.ttf": 600}


def use_tabular_digits(font):
    """Maps the digits to their glyphs of equal width, as the feature `tnum` does."""
    lookups = font["GSUB"].table.LookupList.Lookup
    features = [record.Feature for record in font["GSUB"].table.FeatureList.FeatureRecord if record.FeatureTag == "tnum"]
    substitutes = {}
    for index in {index for feature in features for index in feature.LookupListIndex}:
        for table in lookups[index].SubTable:
            substitutes.update(getattr(table, "mapping", None) or getattr(table, "ExtSubTable", table).mapping)
    for table in font["cmap"].tables:
        table.cmap = {code: substitutes.get(name, name) for code, name in table.cmap.items()}
    return len(substitutes)


def main():
    for name, weight in WEIGHTS.items():
        font = TTFont(SOURCE / "inter-latin.woff2")
        font.flavor = None
        print(name, "tabular glyphs:", use_tabular_digits(font))
        font = instancer.instantiateVariableFont(font, {"wght": weight, "opsz": 14}, updateFontNames=False)
        options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, drop_tables=["GPOS", "GSUB", "GDEF", "STAT"])
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=list(font.getBestCmap()))
        subsetter.subset(font)
        style = name.removesuffix(".ttf").split("-")[1]
        for record in list(font["name"].names):
            if record.nameID in (4, 6):
                record.string = f"Inter-{style}" if record.nameID == 6 else f"Inter {style}"
            if record.nameID == 2:
                record.string = style
        font["OS/2"].usWeightClass = weight
        font.save(TARGET / name)
        print(name, (TARGET / name).stat().st_size, "bytes")


main()
