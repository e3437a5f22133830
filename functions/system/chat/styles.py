"""How a chat's page looks: the chat's colour, light or dark, from 320 pixels up. No style comes from outside."""

from typing import Final

from stepweave_data.hooks.looks import palette

_RULES: Final = """
*{box-sizing:border-box}
[hidden]{display:none!important}
html{height:100%}
body{margin:0;height:100vh;height:100dvh;display:grid;grid-template-rows:auto minmax(0,1fr);
grid-template-columns:minmax(0,1fr);background:var(--card);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:anywhere;-webkit-text-size-adjust:100%}
header{display:flex;align-items:center;gap:.75rem;min-height:3.25rem;
padding:.4rem max(1rem,env(safe-area-inset-right)) .4rem max(1rem,env(safe-area-inset-left));
padding-top:max(.4rem,env(safe-area-inset-top));border-top:4px solid var(--accent);
border-bottom:1px solid color-mix(in srgb,var(--line) 45%,transparent)}
h1{flex:1;font-size:1.05rem;line-height:1.3;margin:0;display:-webkit-box;-webkit-box-orient:vertical;
-webkit-line-clamp:2;overflow:hidden}
.logo{max-height:2rem;max-width:6rem}
main{min-height:0;position:relative}
#log{height:100%;overflow-y:auto;overscroll-behavior:contain;padding:1rem 0 1.5rem}
#log>*{max-width:46rem;margin-inline:auto;
padding-inline:max(1rem,env(safe-area-inset-left)) max(1rem,env(safe-area-inset-right))}
.mine{display:flex;flex-direction:column;align-items:flex-end;margin-block:1.25rem .75rem}
.mine>.words{max-width:85%;background:var(--accent);color:var(--on-accent);border-radius:16px;
border-end-end-radius:4px;padding:.55rem .9rem;white-space:pre-wrap}
.files{display:flex;flex-wrap:wrap;gap:.4rem;margin:.3rem 0 0;padding:0;list-style:none}
.files li{display:flex;align-items:center;gap:.4rem;border:1px solid var(--line);border-radius:8px;
padding:.15rem .6rem;font-size:.85rem;max-width:100%}
.theirs>:first-child{margin-top:0}.theirs>:last-child{margin-bottom:0}
.theirs h2,.theirs h3,.theirs h4{font-size:1.05rem;line-height:1.3;margin:1rem 0 .4rem}
.theirs p,.theirs ul,.theirs ol,.theirs pre,.theirs blockquote,.theirs .table{margin:.6rem 0}
.theirs ul,.theirs ol{padding-inline-start:1.5rem}
.theirs a{color:inherit;text-decoration-thickness:1px;text-underline-offset:2px}
.theirs pre{overflow-x:auto;padding:.75rem;border-radius:8px;background:var(--page);font-size:.875rem;direction:ltr;
text-align:left;border:1px solid color-mix(in srgb,var(--line) 45%,transparent)}
.theirs code{font-family:ui-monospace,SFMono-Regular,Menlo,monospace;font-size:.9em}
.theirs :not(pre)>code{background:var(--page);border-radius:4px;padding:.1em .3em}
.theirs blockquote{border-inline-start:3px solid var(--line);padding-inline-start:.9rem;margin-inline:0;
color:var(--soft)}
.theirs hr{border:0;border-top:1px solid var(--line);margin:1rem 0}
.theirs li>ul,.theirs li>ol{margin:.15rem 0}
.table{overflow-x:auto;overflow-wrap:normal}
table{border-collapse:collapse;font-size:.95rem}th,td{border:1px solid var(--line);padding:.3rem .6rem;text-align:start}
.steps{list-style:none;margin:.25rem 0 .5rem;padding:0;font-size:.875rem;color:var(--soft);display:flex;
flex-wrap:wrap;gap:.15rem 1rem}
.steps li{display:flex;align-items:center;gap:.4rem;min-width:0}
.steps li::before{content:"";flex:none;width:.5rem;height:.5rem;border-radius:50%;background:var(--line)}
.steps .done::before{background:var(--accent)}.steps .failed::before{background:var(--wrong)}
.steps .works::before{background:none;border:2px solid var(--accent);width:.65rem;height:.65rem}
.steps .waits::before{background:none;border:2px solid var(--line)}
.state{font-size:.9rem;color:var(--soft);margin:.4rem 0;display:flex;flex-wrap:wrap;gap:.2rem .75rem;align-items:center}
.state.wrong{color:var(--wrong)}
.dots{display:inline-flex;gap:.25rem;padding:.4rem 0}
.dots i{width:.45rem;height:.45rem;border-radius:50%;background:var(--soft)}
.tools{margin-top:.15rem;min-height:1.75rem}
.quiet{font:inherit;font-size:.85rem;color:var(--soft);background:none;border:0;border-radius:6px;
padding:.2rem .45rem;margin-inline-start:-.45rem;cursor:pointer;min-height:1.75rem}
.quiet:hover{background:var(--page);color:var(--ink)}
.state .quiet{text-decoration:underline;color:inherit;margin:0;padding-inline:0}
.suggestions{display:flex;flex-wrap:wrap;gap:.5rem;margin-top:1rem}
.suggestions button{font:inherit;color:inherit;text-align:start;background:none;border:1px solid var(--line);
border-radius:999px;padding:.45rem .95rem;min-height:2.75rem;cursor:pointer}
.suggestions button:hover{background:var(--page)}
#down{position:absolute;bottom:.75rem;inset-inline-start:50%;transform:translateX(-50%);background:var(--card);
border:1px solid var(--line);box-shadow:0 2px 8px rgb(0 0 0/.2)}
[dir=rtl] #down{transform:translateX(50%)}
form,#trouble{width:100%;max-width:46rem;margin:0 auto;
padding-inline:max(.75rem,env(safe-area-inset-left)) max(.75rem,env(safe-area-inset-right))}
form{padding-bottom:max(.75rem,env(safe-area-inset-bottom))}
.row{display:flex;align-items:flex-end;gap:.25rem;border:1px solid var(--line);border-radius:24px;
padding:.3rem;background:var(--card)}
.row:focus-within{border-color:var(--accent);box-shadow:0 0 0 1px var(--accent)}
textarea{flex:1;min-width:0;font:inherit;line-height:1.5;color:inherit;background:none;border:0;outline:0;resize:none;
padding:.45rem .6rem;max-height:min(12rem,35dvh);overflow-y:auto}
textarea::placeholder{color:var(--soft);opacity:1}
.icon{flex:none;display:grid;place-items:center;width:2.5rem;height:2.5rem;border-radius:50%;border:0;
background:none;color:inherit;cursor:pointer;position:relative}
.icon:hover{background:var(--page)}
.icon.main,.icon.main:hover{background:var(--accent);color:var(--on-accent)}
.icon.main:disabled{background:var(--page);color:var(--soft);cursor:default}
#trouble{color:var(--wrong);margin-bottom:.5rem}#trouble:empty{display:none}
#chosen:not(:empty){padding-bottom:.5rem}
.gate{align-self:center;justify-self:center;width:100%;max-width:24rem;padding:1rem;grid-row:1/-1}
.gate form,.gate{display:grid;gap:.75rem;align-content:center}
.gate form{padding:0}
.gate h1{display:block;font-size:1.4rem}
.gate input{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:8px;
padding:.6rem .8rem;width:100%;min-height:2.75rem}
.button{font:inherit;font-weight:600;color:var(--on-accent);background:var(--accent);border:1px solid var(--line);
border-radius:8px;min-height:2.75rem;padding:.5rem 1.25rem;cursor:pointer;text-decoration:none;text-align:center}
.away{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap;margin:0;
padding:0;border:0}
:focus-visible{outline:3px solid var(--ink);outline-offset:2px}textarea:focus-visible{outline:0}
#log:focus-visible{outline-offset:-3px}
label.icon:focus-within{outline:3px solid var(--ink);outline-offset:2px}
@media(prefers-reduced-motion:no-preference){
.dots i{animation:dots 1.2s ease-in-out infinite}.dots i:nth-child(2){animation-delay:.15s}
.dots i:nth-child(3){animation-delay:.3s}.steps .works::before{animation:dots 1.2s ease-in-out infinite}
@keyframes dots{50%{opacity:.25}}}
"""


def styles(color: str, appearance: str) -> str:
    """Return the style sheet; arguments as of `stepweave_data.hooks.looks.palette`."""
    return palette(color, appearance) + _RULES
