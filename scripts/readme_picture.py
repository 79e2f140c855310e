"""Make the picture of the README: `python scripts/readme_picture.py out/demo/plan.html docs/pictures/plan.svg`.

Takes the map out of the page together with the style rules it uses, so that the picture stands alone.
"""

import re
import sys
from pathlib import Path

USED = re.compile(r"svg|\.map|\.area|\.idle|\.missed|\.stop|\.way|\.base|\.num|\.[uf]\d|\.must|\.contact|\.bar|:root")


def picture(page: str) -> str:
    """The first map of a plan page as an SVG file."""
    found = re.search(r'<svg [^>]*class="map".*?</svg>', page, re.DOTALL)
    styles = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    if found is None or styles is None:
        raise SystemExit("this page holds no map; expected the plan.html of a demo")
    sheet = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", styles[1])
    rules = [rule for rule in re.findall(r"[^{}]+\{[^{}]*\}", sheet) if USED.search(rule.split("{")[0])]
    style = "<style>" + "".join(rule.strip() for rule in rules).replace("system-ui,", "") + "</style>"
    ground = '<rect width="100%" height="100%" fill="#fff"/>'
    return re.sub(r"(<svg [^>]*>)", lambda m: m[1] + style + ground, found[0], count=1) + "\n"


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(picture(Path(sys.argv[1]).read_text("utf-8")), "utf-8")
