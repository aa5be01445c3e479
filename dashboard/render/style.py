"""The one style block of the pages: colours as variables with a light and a dark value, so that HTML is written once.

The variables stand on ``:root`` because dialogs live outside the app's own element; ``color-scheme`` decides which
value holds.
"""

from __future__ import annotations

from dashboard.palette import Theme, colours

__all__ = ["STYLE", "page_style"]

_CSS = """
.cv{font-family:"Source Sans",sans-serif;font-variant-numeric:lining-nums tabular-nums;color:var(--cv-ink);line-height:1.35}
.cv p,.cv dl,.cv dd,.cv h1,.cv h2,.cv h3{margin:0;padding:0}
.cv-context{display:flex;flex-wrap:wrap;align-items:center;gap:4px 10px;font-size:14px;line-height:20px;color:var(--cv-ink2)}
.cv-context b{color:var(--cv-ink);font-weight:600}
.cv-context span+span,.cv-context b+span{border-left:1px solid var(--cv-line);padding-left:10px}
.cv-context .cv-tag{border:1px solid var(--cv-line);border-radius:4px;padding:0 6px;font-size:12.5px}
.cv-context .cv-tag.cv-marked{border-color:var(--cv-caution);color:var(--cv-caution);background:var(--cv-caution_fill)}
.cv h1{font-family:"Source Serif",serif;font-weight:600;font-size:28px;line-height:35px;letter-spacing:0;text-wrap:pretty}
.cv h2{font-family:"Source Serif",serif;font-weight:600;font-size:19px;line-height:25px;letter-spacing:0}
.cv-sub{font-size:14px;line-height:19px;color:var(--cv-ink2)}
.cv-lead{font-size:16px;line-height:23px;color:var(--cv-ink2)}
.cv-source{font-size:13px;line-height:19px;color:var(--cv-ink3);border-top:1px solid var(--cv-line);padding-top:6px}
.cv-n{display:inline-flex;align-items:center;justify-content:center;width:18px;height:18px;box-sizing:border-box;border-radius:50%;
border:1.4px solid var(--cv-note);color:var(--cv-note);background:var(--cv-page);font:600 12px/1 "Source Sans",sans-serif;
vertical-align:.2em;flex:none}
.cv-n.caution{border-color:var(--cv-caution);color:var(--cv-caution);background:var(--cv-caution_fill)}
.cv-n.do_not_use{border-color:var(--cv-do_not_use);background:var(--cv-do_not_use);color:var(--cv-page);border-radius:3px}
.cv h1 .cv-n{margin-left:3px}
.cv-notes{border-left:1px solid var(--cv-line);padding-left:18px}
.cv-notes h2{font:600 13px/18px "Source Sans",sans-serif;color:var(--cv-ink2);margin-bottom:8px}
.cv-notes ol{list-style:none;margin:0;padding:0}
.cv-notes li{display:grid;grid-template-columns:18px 1fr;gap:9px;margin:0 0 12px;font-size:14px;line-height:19px}
.cv-notes strong{font-weight:600;color:var(--cv-note)}
.cv-notes .caution strong{color:var(--cv-caution)}
.cv-notes .do_not_use strong{color:var(--cv-do_not_use)}
.cv-notes small{display:block;font-size:13px;line-height:18px;color:var(--cv-ink3)}
.cv-notes summary{font-size:13px;color:var(--cv-link);cursor:pointer;margin-bottom:10px}
.cv-figure{border-top:1px solid var(--cv-line);padding-top:7px}
.cv-figure dt{font-size:14px;line-height:18px;color:var(--cv-ink2)}
.cv-figure dd.v{font-size:24px;line-height:30px;font-weight:600}
.cv-figure dd.r{font-size:14px;color:var(--cv-ink2)}
.cv-strip{position:relative;height:14px;margin:2px 0 3px}
.cv-strip::before{content:"";position:absolute;left:0;right:0;top:6.5px;height:1.5px;background:var(--cv-line)}
.cv-strip i{position:absolute;top:3px;height:8px;border-radius:3px;background:var(--cv-band80)}
.cv-strip b{position:absolute;top:2px;width:10px;height:10px;margin-left:-5px;border-radius:50%;background:var(--cv-ink)}
.cv-strip b.out{border-radius:0;transform:rotate(45deg);background:var(--cv-page);
border:2px solid var(--cv-worse);box-sizing:border-box}
.cv-scroll{overflow-x:auto}
.cv table{border-collapse:collapse;width:100%;font-size:14px;line-height:19px}
.cv th{font-weight:400;text-align:left;color:var(--cv-ink2);padding:6px 9px;border:0;border-bottom:1px solid var(--cv-line)}
.cv td{padding:7px 9px;border:0;border-bottom:1px solid var(--cv-hairline);vertical-align:middle}
.cv tr{background:none}
.cv .num{text-align:right}
.cv td.name{font-weight:600}
.cv td.name small,.cv td small{font-weight:400;font-size:13px;color:var(--cv-ink3)}
.cv tr.tied td{background:var(--cv-surface)}
.cv tr.tied td:first-child{box-shadow:inset 3px 0 0 var(--cv-seq7)}
.cv-dot{position:relative;display:block;height:16px;min-width:120px}
.cv-dot i{position:absolute;top:7px;height:2px;background:var(--cv-ink2)}
.cv-dot b{position:absolute;top:3px;width:10px;height:10px;margin-left:-5px;border-radius:50%;background:var(--cv-median)}
.cv-dot s{position:absolute;top:-9px;bottom:-9px;border-left:1px dashed var(--cv-ink2)}
.cv-card{border:1px solid var(--cv-line);border-top:4px solid var(--cv-today);border-radius:4px;padding:10px 14px;
box-sizing:border-box}
.cv-card.chosen{background:var(--cv-surface)}
.cv-card header{display:flex;justify-content:space-between;align-items:baseline;gap:8px;margin-bottom:6px}
.cv-card h3{font:600 16px/22px "Source Sans",sans-serif}
.cv-card header span{font-size:14px;color:var(--cv-ink2)}
.cv-card .lever{display:grid;grid-template-columns:minmax(70px,auto) 1fr auto;gap:10px;align-items:center;
font-size:14px;line-height:21px}
.cv-card .lever span{color:var(--cv-ink2)}
.cv-card .lever strong{font-weight:600}
.cv-card footer{border-top:1px solid var(--cv-hairline);margin-top:7px;padding-top:7px;font-size:14px}
.cv-seen{position:relative;height:7px;border:1px solid var(--cv-hairline);box-sizing:border-box;
background:repeating-linear-gradient(135deg,transparent 0 4px,var(--cv-line) 4px 5.5px)}
.cv-seen i{position:absolute;top:-1px;bottom:-1px;background:var(--cv-band80)}
.cv-seen b{position:absolute;top:-3px;bottom:-3px;width:3px;margin-left:-1.5px;background:var(--cv-ink)}
.cv-under{margin:-1.72rem 6px 0;font-size:13px;line-height:18px;color:var(--cv-ink3)}
.cv-under p{display:flex;justify-content:space-between;gap:8px}
.cv-under .never{color:var(--cv-caution);font-weight:600}
.cv-model{border:1px solid var(--cv-line);border-radius:4px;padding:14px 16px;box-sizing:border-box}
.cv-model header{display:flex;justify-content:space-between;align-items:baseline;gap:10px}
.cv-model dl{display:grid;grid-template-columns:76px 1fr;font-size:14px;line-height:19px;margin-top:8px}
.cv-model dt,.cv-model dd{border-top:1px solid var(--cv-hairline);padding:6px 0}
.cv-model dt{color:var(--cv-ink2)}
.cv-model dd small{display:block;font-size:13px;color:var(--cv-ink3)}
.cv-fit{font-size:13px;font-weight:600;color:var(--cv-note);white-space:nowrap}
.cv-fit.caution{color:var(--cv-caution)}
.cv-fit.do_not_use{color:var(--cv-do_not_use)}
.cv-bar{position:relative;height:8px;border-radius:2px;background:var(--cv-hairline);margin:5px 0 6px}
.cv-bar i{position:absolute;left:0;top:0;bottom:0;border-radius:2px;background:var(--cv-seq7)}
.cv-bar i.do_not_use{background:var(--cv-do_not_use)}
.cv-bar b{position:absolute;top:-3px;bottom:-3px;width:2px;background:var(--cv-ink2)}
.cv-fresh dl{display:grid;grid-template-columns:1fr auto;font-size:14px;line-height:19px}
.cv-fresh dt,.cv-fresh dd{border-bottom:1px solid var(--cv-hairline);padding:7px 0}
.cv-fresh dd{text-align:right;color:var(--cv-ink2);padding-left:10px}
.cv-fresh dd.late{color:var(--cv-caution);font-weight:600}
.cv-fresh small{display:block;font-size:13px;color:var(--cv-ink3)}
[data-testid=stBaseButton-primary]:not(:disabled),[data-testid=stBaseButton-primary]:not(:disabled) p{color:var(--cv-on_primary)}
[data-testid=stSliderTickBar]{display:none}
@media (max-width:640px){.cv h1{font-size:22px;line-height:28px}}
@media print{header[data-testid=stHeader],[data-testid=stButton],[data-testid=stDownloadButton]{display:none}}
"""


def _variables() -> str:
    light, dark = colours("light"), colours("dark")
    return "".join(f"--cv-{role}:light-dark({light[role]},{dark[role]});" for role in light)


STYLE = f"<style>:root{{{_variables()}}}{_CSS}</style>"


def page_style(theme: Theme) -> str:
    """The style block, with the theme that the reader sees: the operating system's may be another."""
    return f"<style>:root{{color-scheme:{theme}}}</style>{STYLE}"
