/// The style sheet of all pages: that of the report files, and what a page of many databases needs besides.
enum PageStyle {
    /// Nothing is loaded, no script runs, no form is sent, no frame holds the page. The style sheet is allowed by its
    /// SHA-256 (W3C Content Security Policy 3, "hash-source"); where that can't be had the page goes without style.
    static let contentSecurityPolicy: String = {
        let hash = Fingerprint.sha256(Array(sheet.utf8)).map { "'sha256-\(Base64.encoded($0))'" } ?? "'none'"
        return "default-src 'none'; style-src \(hash); img-src data:; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'"
    }()

    static let sheet = """
        :root { color-scheme: light dark; --ink: #1c2127; --quiet: #5b6570; --line: #dfe3e8; --paper: #ffffff;
          --panel: #f6f8fa; --well: #187a3b; --failed: #b3261e; --attention: #8a5a00; --waiting: #5b6570;
          --link: #0b57b0; --band: #e3e8ee; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e8ebee; --quiet: #9aa5b1; --line: #343b43;
          --paper: #15181c; --panel: #1d2126; --well: #4cc274; --failed: #ff7a70; --attention: #e9b04a;
          --waiting: #9aa5b1; --link: #8ab8f5; --band: #2b323a; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        header, main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
        header { padding-top: 1rem; font-weight: 600; } header a { color: var(--quiet); text-decoration: none; }
        a { color: var(--link); } h1 a, h2 a { color: inherit; text-decoration-color: var(--line); }
        a:focus-visible, .scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
        h1 { font-size: 1.6rem; line-height: 1.25; margin: .9rem 0 .2rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.05rem; margin: 2rem 0 .6rem; overflow-wrap: anywhere; }
        p { margin: .35rem 0; overflow-wrap: anywhere; }
        .quiet { color: var(--quiet); } time { white-space: nowrap; }
        .well, .verified { --tone: var(--well); } .failed { --tone: var(--failed); }
        .attention, .inconclusive { --tone: var(--attention); } .waiting { --tone: var(--waiting); }
        .tone { color: var(--tone); } .mark { color: var(--tone); font-weight: 600; white-space: nowrap; }
        .card { margin: 1rem 0; padding: 1rem 1.25rem; border-radius: .6rem; background: var(--panel);
          border-left: .45rem solid var(--tone); }
        .card h2 { margin: 0; font-size: 1.15rem; } .card h2 .tone { margin-left: .5rem; font-weight: 600; }
        .card h2 small { margin-left: .5rem; font-weight: 400; }
        .concern { margin: .7rem 0; } .concern b { color: var(--tone); }
        .hint { border-left: 3px solid var(--quiet); padding-left: .8rem; margin: .5rem 0; }
        .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .7rem 1.25rem;
          margin: .9rem 0 0; }
        .facts div { min-width: 0; } .facts dt { color: var(--quiet); font-size: .83rem; }
        .facts dd { margin: 0; overflow-wrap: anywhere; } .facts dd small { display: block; color: var(--quiet); }
        .pairs { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.25rem; margin: 0;
          font-size: .93rem; }
        .pairs dt { color: var(--quiet); } .pairs dd { margin: 0; overflow-wrap: anywhere; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .93rem; }
        th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line);
          vertical-align: top; }
        th { color: var(--quiet); font-weight: 500; }
        td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        td.name { overflow-wrap: anywhere; min-width: 9rem; } td.time { white-space: nowrap; }
        td.bars { width: 45%; min-width: 6rem; vertical-align: middle; }
        tr.differs td { color: var(--failed); }
        pre { margin: .4rem 0 0; padding: .6rem .8rem; background: var(--panel); border-radius: .4rem;
          white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; }
        .trends { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1.5rem; }
        figure { margin: 0; min-width: 0; } figcaption { color: var(--quiet); font-size: .83rem; }
        svg { display: block; width: 100%; } svg.trend { height: 7rem; } svg.spark { height: 2rem; max-width: 12rem; }
        svg.bar { height: .45rem; } svg .line { fill: none; stroke: var(--link); stroke-width: 2;
          vector-effect: non-scaling-stroke; stroke-linejoin: round; } svg .band { fill: var(--band); }
        svg .limit { stroke: var(--failed); stroke-width: 1; stroke-dasharray: 5 4; vector-effect: non-scaling-stroke; }
        svg .share { fill: var(--quiet); } svg .last { stroke: var(--link); stroke-width: 7; stroke-linecap: round;
          vector-effect: non-scaling-stroke; } svg .last.odd { stroke: var(--failed); }
        footer { padding-top: 2.5rem; padding-bottom: 3rem; color: var(--quiet); font-size: .85rem; }
        @media (max-width: 40rem) { h1 { font-size: 1.35rem; } .card { padding: .9rem 1rem; }
          .facts { grid-template-columns: 1fr 1fr; } .pairs { grid-template-columns: 1fr; gap: 0; }
          .pairs dd { margin-bottom: .5rem; }
          thead { display: none; } table, tbody, tr { display: block; }
          tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
          td, td.number { display: inline-block; border: 0; padding: 0 1rem 0 0; text-align: left; }
          td.name { display: block; padding: 0; } td.bars { display: block; width: 100%; padding: .2rem 0 0; }
          td:empty { display: none; }
          td.number::before, td.time::before, td.proof::before { content: attr(data-label) " "; color: var(--quiet); } }
        """
}
