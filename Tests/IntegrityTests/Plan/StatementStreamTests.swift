import Backups
import Integrity
import Testing

@Suite struct StatementStreamTests {
    @Test(arguments: [1, 2, 5, 1 << 16], [16, 1 << 18])
    func yieldsWhatThePlanHolds(step: Int, buffer: Int) throws {
        for text in trickyDumps {
            let bytes = Array(text.utf8)
            let result = try scan(text)
            var stream = StatementStream(ArrayReader(bytes, step: step), bufferSize: buffer)
            var entries: [PlanEntry] = []
            var rows: [TableName: UInt64] = [:]
            while let item = try stream.next() {
                switch item {
                case .entry(let entry):
                    entries.append(entry)
                    if case .bulk(let run) = entry.kind { rows.merge(run.rows, uniquingKeysWith: +) }
                case .copy(var entry):
                    var data: [UInt8] = []
                    let block = try #require(try stream.readCopyData { data.append(contentsOf: $0) })
                    let range = Int(block.dataOffset)..<Int(block.dataOffset + block.dataLength)
                    #expect(data == Array(bytes[range]))
                    rows[block.table, default: 0] += block.rows
                    entry.kind = .copy(block)
                    entries.append(entry)
                }
            }
            #expect(rows.filter { $0.value > 0 } == result.contents.rows.filter { $0.value > 0 })
            let streamed = entries.filter { if case .bulk = $0.kind { false } else { $0.text != nil } }
            let planned = result.plan.entries.filter { $0.text != nil }
            let dataStatements: Set<String> = ["BEGIN", "COMMIT"]
            let same = streamed.filter { !dataStatements.contains(String(decoding: $0.text ?? [], as: UTF8.self)) }
            #expect(same.map(\.text) == planned.map(\.text))
            #expect(same.map(\.kind) == planned.map(\.kind))
            #expect(same.map(\.location) == planned.map(\.location))
        }
    }

    @Test(arguments: [3, 1 << 16])
    func readsOneRun(step: Int) throws {
        let text = framed(
            """
            CREATE TABLE public.a (x int, y text);
            -- a comment; 'not a string
            INSERT INTO public.a VALUES (1, 'x;y');
            INSERT INTO public.a VALUES (2, 'z'), (3, NULL);
            -- another
            INSERT INTO public.b VALUES (1);
            CREATE INDEX ON public.a (x);
            INSERT INTO public.a VALUES (4, '');
            """)
        let bytes = Array(text.utf8)
        let plan = try scan(text).plan
        let runs = plan.entries.filter { if case .bulk = $0.kind { true } else { false } }
        #expect(runs.count == 2)
        let run = try #require(runs.first)
        guard case .bulk(let bulk) = run.kind else { return }
        let (a, b) = (TableName(schema: "public", name: "a"), TableName(schema: "public", name: "b"))
        #expect(bulk == BulkRun(rows: [a: 3, b: 1], statements: 3))
        var stream = StatementStream(
            ArrayReader(bytes, from: Int(run.location.offset), step: step), from: run.location,
            to: run.location.offset + run.length, in: plan.contexts[run.context])
        var lines: [UInt64?] = []
        while case .entry(let entry)? = try stream.next() {
            lines.append(entry.location.line)
            #expect(entry.text?.starts(with: Array("INSERT INTO public.".utf8)) == true)
        }
        let first = try #require(run.location.line)
        #expect(lines == [first, first + 1, first + 3])
    }

    @Test func skipsDataThatIsNotRead() throws {
        var stream = StatementStream(ArrayReader(Array("COPY a FROM stdin;\n1\n\\.\nSELECT 1;\n".utf8)))
        guard case .copy? = try stream.next() else { return #expect(Bool(false)) }
        guard case .entry(let entry)? = try stream.next() else { return #expect(Bool(false)) }
        #expect(entry.text == Array("SELECT 1".utf8))
        #expect(try stream.next() == nil)
    }

    @Test(arguments: ["COPY a FROM stdin;\n1\n", "SELECT 'x;\n", "SELECT 1", "pg_dump: error: x\n"])
    func throwsForACut(text: String) throws {
        var stream = StatementStream(ArrayReader(Array(text.utf8)))
        #expect(throws: ContentDamage.self) { while try stream.next() != nil {} }
    }

    @Test func decodesNames() throws {
        let encodings: [(String, [UInt8])] = [
            ("LATIN1", [0xe9]), ("SJIS", [0x95, 0x5c]), ("EUC_JP", [0xc9, 0xbd]), ("GBK", [0xb1, 0xed]),
            ("win1252", [0x80]), ("SQL_ASCII", [0xc3, 0xa9]), ("UTF8", [0xc3, 0xa9]), ("KOI8R", [0xc1]),
        ]
        let names = ["é", "表", "表", "表", "€", "é", "é", "а"]
        for (index, (encoding, bytes)) in encodings.enumerated() {
            let text =
                Array("SET client_encoding = '\(encoding)';\nCOPY s.\"".utf8) + bytes
                + Array("\" FROM stdin;\n1\n\\.\n".utf8)
            #expect(try scan(text).contents.rows == [TableName(schema: "s", name: names[index]): 1])
        }
    }
}
