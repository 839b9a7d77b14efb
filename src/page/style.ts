/** The style of every page. One accent for each tone of a verdict; light, dark and print. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fbfbf9;--card:#fff;--ink:#1c2024;--soft:#5a636d;--line:#e1e3df;--link:#1b5aa8;
--good:#1c6b3c;--good-bg:#e0f2e5;--odd:#7a5200;--odd-bg:#fbefce;--bad:#ae1f2c;--bad-bg:#fce4e4;--held:#6b3fa0;--held-bg:#eee6f8;--quiet:#5a636d;--quiet-bg:#eceeeb}
@media (prefers-color-scheme:dark){:root{--paper:#14171a;--card:#1b1f23;--ink:#e4e7ea;--soft:#a3acb5;--line:#2d3338;--link:#8dbcf5;
--good:#84d8a0;--good-bg:#17341f;--odd:#eec46a;--odd-bg:#3a2d0d;--bad:#ff9a9a;--bad-bg:#451a1e;--held:#cdb0f5;--held-bg:#33254a;--quiet:#a3acb5;--quiet-bg:#272c31}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
body>*{padding:0 max(1rem,calc((100vw - 112rem)/2))}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.88em}
a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:1px}
a:focus-visible,summary:focus-visible,button:focus-visible,input:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
main{padding-top:.7rem}main:focus{outline:0}main>section:first-child h2,main>h2:first-child{margin-top:.9rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.3rem .8rem;z-index:1}
header{padding-top:1.1rem;padding-bottom:.2rem;border-bottom:1px solid var(--line);background:var(--card)}
h1{font-size:1.3rem;font-weight:600;line-height:1.4;margin:0}h1.counts{font-weight:400}
h1.counts span{white-space:nowrap}h1 .zero{color:var(--soft)}
h1.counts .hollow{white-space:normal}.hollow{display:block;border:1px solid var(--bad);border-radius:.4rem;background:var(--bad-bg);color:var(--bad);padding:.4rem .8rem;margin-bottom:.6rem;font-weight:600}
header p{margin:.15rem 0 0;color:var(--soft)}
nav{display:flex;flex-wrap:wrap;gap:.1rem 1.3rem;margin-top:.7rem}
nav a{padding:.3rem 0;color:var(--soft);text-decoration:none;border-bottom:2px solid transparent}
nav a:hover{color:var(--ink)}nav a[aria-current]{color:var(--ink);border-color:var(--ink);font-weight:600}
#live{margin-left:auto;padding:.3rem 0;color:var(--soft)}
h2{font-size:.82rem;font-weight:650;letter-spacing:.05em;text-transform:uppercase;color:var(--soft);margin:1.9rem 0 .6rem}
h2 .n{color:var(--ink)}
h3{font-size:1.08rem;margin:0;font-weight:650}h3 a{color:inherit;text-decoration:none}h3 a:hover{text-decoration:underline}
p{margin:.35rem 0}.soft{color:var(--soft)}
.good{--tone:var(--good);--tone-bg:var(--good-bg)}.odd{--tone:var(--odd);--tone-bg:var(--odd-bg)}.bad{--tone:var(--bad);--tone-bg:var(--bad-bg)}.held{--tone:var(--held);--tone-bg:var(--held-bg)}.quiet{--tone:var(--quiet);--tone-bg:var(--quiet-bg)}
h1 .good,h1 .odd,h1 .bad,h1 .held,.tone{color:var(--tone)}
.chip{display:inline-block;background:var(--tone-bg);color:var(--tone);font-size:.76rem;font-weight:700;letter-spacing:.03em;padding:.08rem .5rem;border-radius:.3rem;white-space:nowrap}
.cards{display:grid;gap:.7rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,33rem),1fr))}
.card{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--tone);border-radius:.4rem;padding:.75rem 1rem .8rem;min-width:0}
.row{display:flex;flex-wrap:wrap;align-items:baseline;gap:.15rem .7rem}.row .end{margin-left:auto;color:var(--soft)}
.cause{margin:.45rem 0;padding-left:.7rem;border-left:2px solid var(--line);white-space:pre-wrap;max-height:11rem;overflow:auto}
.why{font-weight:600}
.command{display:flex;align-items:flex-start;gap:.5rem;margin:.55rem 0 0}

.command code{flex:1;min-width:0;background:var(--quiet-bg);border-radius:.3rem;padding:.32rem .6rem}
.command code:before{content:"$ ";color:var(--soft)}
button{font:inherit;font-size:.84rem;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:.3rem;padding:.22rem .7rem;cursor:pointer}
button:hover{border-color:var(--soft)}
.past{display:inline-flex;font:600 .78rem/1 ui-monospace,Menlo,"DejaVu Sans Mono",monospace}
.past i{font-style:normal;width:1.05em;text-align:center;color:var(--tone)}
.links{display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin:.5rem 0 0}
.note{border:1px solid var(--line);border-left:4px solid var(--tone);background:var(--card);border-radius:.4rem;padding:.6rem 1rem;margin:1.1rem 0 0}
.note ul{margin:.2rem 0;padding-left:1.1rem}
details>summary{cursor:pointer;padding:.3rem 0}summary .n{color:var(--soft)}
.rest{list-style:none;margin:.2rem 0 1rem;padding:0;display:grid;gap:0 1.6rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr))}
.rest li{display:flex;gap:.6rem;align-items:baseline;padding:.12rem 0;border-bottom:1px solid var(--line)}

.rest.wide{grid-template-columns:1fr}.rest a,.rest b{flex:none;max-width:55%}.rest span{flex:1;min-width:0;color:var(--soft);font-size:.86rem}.rest i{font-style:normal;color:var(--soft);white-space:nowrap;font-size:.86rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;background:var(--card);border:1px solid var(--line)}
th,td{text-align:left;vertical-align:top;padding:.34rem .75rem;border-bottom:1px solid var(--line)}
th{font-size:.8rem;color:var(--soft);font-weight:600;white-space:nowrap}td.num,th.num{text-align:right;white-space:nowrap}td.nowrap{white-space:nowrap;overflow-wrap:normal}
tbody th{font-size:inherit;color:inherit;white-space:normal}tbody th a{font-weight:600}th .sub{display:block;padding-left:1.2rem;font-weight:400}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1.2rem;margin:.6rem 0}.facts dt{color:var(--soft)}.facts dd{margin:0;min-width:0}
figure{margin:.4rem 0;background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.7rem .9rem .5rem;overflow-x:auto}
figcaption{color:var(--soft);font-size:.86rem;margin-top:.3rem}
svg{display:block;max-width:100%;height:auto}svg text{font:11px system-ui,"DejaVu Sans",sans-serif;fill:var(--soft)}
svg .bar{fill:var(--tone-bg);stroke:var(--tone);stroke-width:1}svg .sign{fill:var(--tone);font-weight:700}svg .grid{stroke:var(--line)}svg .strong{fill:var(--ink)}
.log{margin:.3rem 0;padding:.6rem 0;background:var(--card);border:1px solid var(--line);border-radius:.4rem;list-style:none;overflow-x:auto}
.log li{display:flex;white-space:pre-wrap;font:.82rem/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}.log li:target,.log .hit{background:var(--odd-bg)}.log a{flex:none;width:4.6em;padding-right:1em;text-align:right;color:var(--soft);text-decoration:none}
.log span{flex:1;min-width:0}
form{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin:.5rem 0}
input[type=search]{font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:.3rem;padding:.25rem .6rem;min-width:min(20rem,100%)}
.brief{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.4rem 1.1rem .8rem}.brief pre{white-space:pre-wrap;background:var(--quiet-bg);border-radius:.3rem;padding:.4rem .7rem}.brief h3,.brief h4{margin:.9rem 0 .2rem;font-size:1rem}.brief ul{padding-left:1.2rem;margin:.2rem 0}
footer{margin-top:2.5rem;border-top:1px solid var(--line);padding-top:.8rem;padding-bottom:1.5rem;color:var(--soft);font-size:.86rem}
footer dl{display:flex;flex-wrap:wrap;gap:.2rem 2rem;margin:0}footer div{display:flex;gap:.5rem;min-width:0}footer dt:after{content:":"}footer dd{margin:0;color:var(--ink);min-width:0}
@media (max-width:40rem){body{font-size:14.5px}h1{font-size:1.1rem}.facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:.3rem}th,td{padding:.3rem .45rem}.row .end{margin-left:0}.log a{width:3.6em;padding-right:.6em}}
@media print{:root{color-scheme:light}body{background:#fff;font-size:10pt}nav,.skip,button,form,#live{display:none}header,.card,figure,.note,table{background:none}.card,li,tr{break-inside:avoid}a{color:inherit}.cause{max-height:none}details::details-content{content-visibility:visible;block-size:auto}}
`;
