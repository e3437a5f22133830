"""How pages look: a colour of the form's, light or dark, from 320 pixels up. No style comes from outside."""

from typing import Final

from stepweave_data.hooks.looks import palette

_RULES: Final = """
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;
overflow-wrap:anywhere}
main{max-width:40rem;margin:0 auto;padding:1.5rem 1rem 3rem}
.card{background:var(--card);border-top:4px solid var(--accent);border-radius:8px;padding:1.5rem;
box-shadow:0 1px 3px rgb(0 0 0/.15)}
.logo{display:block;max-width:100%;max-height:4rem;margin:0 0 1rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .5rem}
h2{font-size:1.1rem;margin:0 0 .25rem}
.text{overflow-x:auto}.text pre{overflow-x:auto}.text img{max-width:100%}
.text>:first-child{margin-top:0}.text>:last-child{margin-bottom:0}
h1,.help,.text :is(p,li,h2,h3,h4,h5,h6){unicode-bidi:plaintext;text-align:-webkit-match-parent;text-align:match-parent}
a{color:inherit}
.field{border:0;margin:1.25rem 0 0;padding:0;min-width:0}
.label,legend{display:block;font-weight:600;padding:0;margin:0 0 .25rem}
.label small,legend small{font-weight:400;color:var(--soft)}
.help,.error{margin:-.15rem 0 .4rem;font-size:.9rem;color:var(--soft)}
.error{color:var(--wrong);font-weight:600}
.error::before{content:"! "}
input:not([type=radio],[type=checkbox],[type=file]),textarea,select{width:100%;min-height:2.75rem;padding:.5rem .7rem;
font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:6px}
textarea{min-height:8rem;resize:vertical}
select{padding-inline-end:.4rem}
input[type=file]{width:100%;padding:.25rem 0;font:inherit}
::file-selector-button{min-height:2.25rem;margin-inline-end:.75rem;padding:.25rem .9rem;font:inherit;color:inherit;
background:var(--card);border:1px solid var(--line);border-radius:6px;cursor:pointer}
[aria-invalid=true]{border:2px solid var(--wrong)!important}
[type=file][aria-invalid=true]{padding:.5rem;border-radius:6px}
.choice+.help,.choice+.error,.help+.error{margin-top:0}
.choice{display:flex;gap:.6rem;align-items:flex-start;padding:.45rem 0}
.choice input{flex:none;width:1.25rem;height:1.25rem;margin:.12rem 0 0;accent-color:var(--accent)}
.rating{display:flex;flex-wrap:wrap;gap:.25rem 1rem}
button{margin-top:1.75rem;min-height:2.75rem;padding:.5rem 1.5rem;font:inherit;font-weight:600;cursor:pointer;
color:var(--on-accent);background:var(--accent);border:1px solid var(--line);border-radius:6px}
:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
.problems{border:2px solid var(--wrong);border-radius:6px;padding:1rem;margin:1rem 0 0}
.problems ul{margin:0;padding-inline-start:1.2rem}
.away{position:absolute;inset-inline-start:-9999px;width:1px;height:1px;overflow:hidden}
.note{color:var(--soft);font-size:.9rem;margin:1rem 0 0}
@media(prefers-reduced-motion:no-preference){.dots{animation:dots 1.5s ease-in-out infinite}
@keyframes dots{50%{opacity:.35}}}
"""


def styles(color: str, appearance: str) -> str:
    """Return the style sheet; arguments as of `stepweave_data.hooks.looks.palette`."""
    return palette(color, appearance) + _RULES
