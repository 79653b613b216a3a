import Testing

@testable import Backups

@Suite struct VerificationReportJSONTests {
    @Test func aVerifiedReportIsTheContract() throws {
        let digest = try #require(SHA256Digest(hexadecimal: String(repeating: "ab", count: 32)))
        let time = DataTime(
            manifest: Timestamp("2026-11-20T02:00:00Z"), dumpStart: nil, completedAt: Timestamp("2026-11-20T02:00:07Z"))
        var report = VerificationReport(
            database: "shop",
            backup: BackupFacts(
                location: "/backups", name: "shop.sql.gz", format: .plain, compression: .gzip, sizeBytes: 1,
                sha256: digest, time: time),
            conclusion: Conclusion(
                verdict: .verified, reason: nil, message: "restored", hint: nil, proof: .manifest, provedThrough: .rows,
                content: .proved),
            stages: [StageTiming(.integrity, seconds: 1.2, bytes: 1), StageTiming(.rows, seconds: 0.25)],
            checks: [.verified("gzip", in: .integrity, "whole")],
            tables: [
                TableResult(
                    name: TableName(schema: "public", name: "users"), dumpRows: 1, restoredRows: 1, referenceRows: 1,
                    proof: .manifest),
                TableResult(
                    name: TableName(schema: "public", name: "views"), dumpRows: 2, restoredRows: 2, referenceRows: 9,
                    bounds: 1...9, proof: .bounds),
            ],
            restore: RestoreFacts(seconds: 3.4, profile: .fast, bytes: 1),
            rto: ObjectiveResult(
                objectiveSeconds: 3600, measuredSeconds: 3.4, basis: "fast scratch: a lower bound", isProved: true),
            rpo: ObjectiveResult(objectiveSeconds: 86400, measuredSeconds: 7, basis: "data_as_of", isProved: true),
            startedAt: Timestamp(seconds: 0), finishedAt: Timestamp(seconds: 5),
            tool: ToolFacts(restorable: "1.2.3", postgresql: "15.18"))
        report.freshnessResults = [
            FreshnessResult(
                table: TableName(schema: "public", name: "orders"), column: "created_at",
                newest: Timestamp("2026-11-20T01:59:00Z"), limitSeconds: 3600, verdict: .verified)
        ]
        var drill = DrillFacts(target: "latest", archive: "/wal", files: 3, bytes: 48)
        (drill.end, drill.timeline, drill.lastTransaction) = ("0/D00330", 1, Timestamp("2026-11-20T01:59:30Z"))
        (drill.replaySeconds, drill.promoteSeconds) = (0.5, 0.25)
        report.drill = drill
        #expect(
            report.json.text == """
                {"version":1,"database":"shop","backup":{"location":"/backups","name":"shop.sql.gz","format":"plain",\
                "compression":"gzip","size_bytes":1,"sha256":"\(digest)","data_as_of":"2026-11-20T02:00:00Z",\
                "data_as_of_source":"manifest","completed_at":"2026-11-20T02:00:07Z","content_bytes":null,\
                "dumped_from":null,"dumped_by":null},\
                "verdict":"verified","reason":null,"message":"restored","hint":null,"proof":"manifest",\
                "proved_through":"rows","stopped_after":null,"content":"proved","notes":[],\
                "stages":[{"name":"integrity","seconds":1.2,"bytes":1},{"name":"rows","seconds":0.25,"bytes":null}],\
                "checks":[{"name":"gzip","verdict":"verified","reason":null,"message":"whole","hint":null,\
                "stage":"integrity","offset":null,"line":null,"details":[]}],"findings":[],\
                "tables":[{"name":"public.users","dump_rows":1,"restored_rows":1,"reference_rows":1,"proof":"manifest",\
                "bounds":null},{"name":"public.views","dump_rows":2,"restored_rows":2,"reference_rows":9,\
                "proof":"bounds","bounds":{"lower":1,"upper":9}}],\
                "restore":{"seconds":3.4,"profile":"fast","bytes":1},\
                "rto":{"objective_seconds":3600,"measured_seconds":3.4,"met":true,\
                "basis":"fast scratch: a lower bound"},\
                "rpo":{"objective_seconds":86400,"achievable_seconds":7,"met":true,"basis":"data_as_of"},\
                "freshness":[{"table":"public.orders","column":"created_at","newest":"2026-11-20T01:59:00Z",\
                "limit_seconds":3600,"verdict":"verified"}],\
                "drill":{"target":"latest","archive":"/wal","recovered_to":"0/D00330","timeline":1,\
                "last_transaction_at":"2026-11-20T01:59:30Z","archived_files":3,"archived_bytes":48,\
                "replay_seconds":0.5,"promote_seconds":0.25},\
                "started_at":"1970-01-01T00:00:00Z","finished_at":"1970-01-01T00:00:05Z",\
                "tool":{"restorable":"1.2.3","postgresql":"15.18"}}
                """)
    }

    @Test func whatIsNotKnownIsNull() {
        let report = VerificationReport(
            backup: BackupFacts(location: "-", name: "-"),
            conclusion: Conclusion(
                verdict: .failed, reason: .truncated, message: "cut", hint: "make it again", proof: .none,
                provedThrough: nil, content: .unproved, notes: ["a note"]),
            checks: [
                .failed(
                    "trailer", in: .integrity, .truncated, "cut", at: SourceLocation(offset: 7, line: 2), details: ["a"]
                )
            ],
            findings: [
                Finding(
                    statement: "CREATE", location: nil, sqlstate: "42601", message: "syntax error", verdict: .failed,
                    reason: .statementFailed)
            ],
            startedAt: Timestamp(seconds: 0), finishedAt: Timestamp(seconds: 0), tool: ToolFacts(restorable: "1"))
        #expect(
            report.json.text == """
                {"version":1,"database":null,"backup":{"location":"-","name":"-","format":null,"compression":null,\
                "size_bytes":null,"sha256":null,"data_as_of":null,"data_as_of_source":null,"completed_at":null,\
                "content_bytes":null,"dumped_from":null,"dumped_by":null},"verdict":"failed","reason":"truncated",\
                "message":"cut","hint":"make it again","proof":"none","proved_through":null,"stopped_after":null,\
                "content":"unproved","notes":["a note"],"stages":[],"checks":[{"name":"trailer","verdict":"failed",\
                "reason":"truncated","message":"cut","hint":null,"stage":"integrity","offset":7,"line":2,\
                "details":["a"]}],"findings":[{"statement":"CREATE","line":null,"offset":null,"sqlstate":"42601",\
                "message":"syntax error","verdict":"failed","reason":"statement-failed","hint":null}],"tables":[],\
                "restore":null,"rto":null,"rpo":null,"freshness":null,"drill":null,"started_at":"1970-01-01T00:00:00Z",\
                "finished_at":"1970-01-01T00:00:00Z",\
                "tool":{"restorable":"1","postgresql":null}}
                """)
    }

    @Test func textStaysOneLineAndValid() {
        let value = JSONValue.object([
            .init("a\"\\", .string("line\nend\t\u{1}\u{2028}é")), .init("n", .array([.number(.nan), .number(-0.5)])),
        ])
        #expect(value.text == #"{"a\"\\":"line\nend\t\u0001\u2028é","n":[null,-0.5]}"#)
    }
}
