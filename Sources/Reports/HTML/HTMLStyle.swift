/// The style sheet of the report: light and dark, on screen and on paper, without anything from outside.
enum HTMLStyle {
    static let sheet = """
        :root { color-scheme: light dark; --ink: #1c2127; --quiet: #5b6570; --line: #dfe3e8; --paper: #ffffff;
          --panel: #f6f8fa; --verified: #187a3b; --failed: #b3261e; --inconclusive: #8a5a00; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e8ebee; --quiet: #9aa5b1; --line: #343b43;
          --paper: #15181c; --panel: #1d2126; --verified: #4cc274; --failed: #ff7a70; --inconclusive: #e9b04a; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
        article + article { margin-top: 4rem; padding-top: 3rem; border-top: 2px solid var(--line); }
        h1 { font-size: 1.2rem; margin: 0; overflow-wrap: anywhere; }
        h2 { font-size: 1rem; margin: 2.25rem 0 .6rem; }
        p { margin: .4rem 0; }
        .quiet { color: var(--quiet); }
        .banner { margin: 1rem 0 1.5rem; padding: 1.25rem 1.5rem; border-radius: .6rem; background: var(--panel);
          border-left: .5rem solid var(--tone); }
        .banner strong { display: block; font-size: 2.1rem; line-height: 1.2; color: var(--tone);
          text-transform: uppercase; letter-spacing: .03em; }
        .verified { --tone: var(--verified); } .failed { --tone: var(--failed); }
        .inconclusive { --tone: var(--inconclusive); }
        .mark { color: var(--tone); font-weight: 600; white-space: nowrap; }
        .hint { border-left: 3px solid var(--quiet); padding-left: .8rem; margin-top: .8rem; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .93rem; }
        th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line);
          vertical-align: top; }
        th { color: var(--quiet); font-weight: 500; }
        td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        td.bars { width: 45%; vertical-align: middle; }
        td.name { overflow-wrap: anywhere; min-width: 9rem; }
        tr.differs td { color: var(--failed); }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.25rem; margin: 0; font-size: .93rem; }
        dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
        pre { margin: .4rem 0 0; padding: .6rem .8rem; background: var(--panel); border-radius: .4rem;
          white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; }
        code { font-size: .9em; }
        .bar { display: block; height: .45rem; min-width: 2px; background: var(--quiet); border-radius: 2px; }
        footer { margin-top: 3rem; color: var(--quiet); font-size: .85rem; }
        @media screen and (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
          .banner { padding: 1rem; } .banner strong { font-size: 1.6rem; }
          thead { display: none; } table, tbody, tr { display: block; }
          tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
          td, td.number { display: inline-block; border: 0; padding: 0 1rem 0 0; text-align: left; }
          td.name { display: block; padding: 0; } td.bars { display: block; width: 100%; padding: .2rem 0 0; }
          td:empty { display: none; }
          td.number::before, td.proof::before { content: attr(data-label) " "; color: var(--quiet); } }
        @page { margin: 15mm; }
        @media print { body { font-size: 11pt; } main { padding: 0; max-width: none; }
          article + article { break-before: page; border: 0; margin: 0; padding: 0; }
          h2 { break-after: avoid; } tr, .banner { break-inside: avoid; }
          .banner { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
        """
}
