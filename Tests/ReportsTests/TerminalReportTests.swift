import Backups
import Testing

@testable import Reports

@Suite struct TerminalReportTests {
    @Test func aVerifiedReport() {
        #expect(
            TerminalReport(SampleReport.verified(), style: .plain).text == """
                shop.sql.gz  plain SQL, gzip, 177 MiB, 933 MiB of content, PostgreSQL 15.18

                  ✓  gzip     1 member, CRC and length hold
                  ✓  trailer  the dump ends as pg_dump ends it
                  ✓  load     42 statements, none failed
                  ✓  rows     2 tables hold as many rows as the dump and the manifest

                  table          in the dump   restored  reference
                  public.orders    1,200,000  1,200,000  1,200,000
                  public.users         4,333      4,333      4,333

                  sha256      \(String(repeating: "0a", count: 32))
                  data as of  2026-11-20T02:00:00Z
                  RPO         not met: 1 d 2 h would be lost, objective 1 d (data_as_of)
                  RTO         met: 12.3 s to restore, objective 1 h (fast scratch: a lower bound)
                  took        integrity 1.2 s, restore 12.3 s, rows 250 ms

                proof: manifest (equal to what was there when it was made); proved through: rows; content: proved
                VERIFIED  shop: restored: 2 tables, 1,204,333 rows, equal to the manifest

                """)
    }

    @Test func aFailedReport() {
        #expect(
            TerminalReport(SampleReport.failed(), style: .plain).text == """
                <b>evil\\u{1b}[31m</b>.sql  plain SQL

                  ✓  trailer             the dump ends as pg_dump ends it
                  ✗  load                1 statement failed
                      at line 37 (byte 812)
                      first\\nsecond
                      <script>alert(1)</script>
                  ?  freshness:public.t  not asked

                  table                               in the dump  restored
                  public."<script>alert(1)</script>"           10         9

                  ✗  line 37 (byte 812): type "hstore" does not exist [42704]
                      CREATE TABLE x (\\n"a&b" text)

                  took  integrity 4 ms
                  note  the content is unproved

                HINT  make the backup again
                FAILED  <b>evil\\u{1b}[31m</b>.sql: 1 statement failed (statement-failed)

                """)
    }

    @Test func coloursAddNothingButColours() {
        for report in [SampleReport.verified(), SampleReport.failed()] {
            let coloured = TerminalReport(report, style: .coloured).text
            let bare = coloured.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
            #expect(coloured.contains("\u{1B}[1m"))
            let plain = TerminalReport(report, style: .plain).text
            #expect(bare.split(separator: "\n").dropLast() == plain.split(separator: "\n").dropLast())
        }
    }

    @Test func theLastLineIsTheVerdict() {
        let last = TerminalReport(SampleReport.failed(), style: .plain).text.split(separator: "\n").last
        #expect(last?.contains("FAILED") == true)
        #expect(last?.contains("statement-failed") == true)
    }

    @Test func manyTablesAreNotListedUnlessTheyDiffer() {
        var report = SampleReport.verified()
        report.tables = (0..<100).map {
            TableResult(
                name: TableName(schema: "public", name: "t\($0)"), dumpRows: 5, restoredRows: $0 == 77 ? 4 : 5,
                referenceRows: nil, proof: .itself)
        }
        let text = TerminalReport(report, style: .plain).text
        #expect(text.contains("public.t77 "))
        #expect(!text.contains("public.t78"))
        #expect(TerminalReport(report, style: .plain, isVerbose: true).text.contains("public.t78"))
    }

    @Test func wideLettersStayAligned() {
        var table = AlignedTable([.left, .right])
        table.add(["日本", "1"])
        table.add(["abcde", "22"])
        #expect(table.lines() == ["日本    1", "abcde  22"])
    }
}
