import Backups
import Integrity
import Processes

/// When transactions of a segment were committed, as `pg_waldump` of the same major version shows its commit records.
struct CommitTimes {
    /// Of `pg_waldump`'s output: the last lines are those that count.
    private static let keptOutput = 64 << 10

    let program: String
    let scratch: WALScratch
    let cancellation: Cancellation

    /// The newest commit in a segment.
    /// - Parameters:
    ///   - content: of the segment, unpacked.
    ///   - name: of the segment.
    /// - Returns: `nil` where it holds none.
    func last(in content: any ByteReader, _ name: WALSegmentName, size: WALSegmentSize) throws -> Timestamp? {
        let file = name.description
        defer { scratch.removeFile(file) }
        try scratch.write(content, to: file, limit: size.bytes, cancellation: cancellation)
        let command = Command(
            program, ["--rmgr=Transaction", "\(scratch.path)/\(file)"], user: scratch.reader, parentDeathSignal: .kill)
        let (output, error) = (try Pipe(), try Pipe())
        let child = try ChildProcess.start(
            command, output: .handedOver(output.takeWriteEnd()), error: .handedOver(error.takeWriteEnd()))
        let said = SignalledOnce<[UInt8]>()
        DetachedThread.start(named: "pg_waldump stderr") { said.set(error.readTail(limit: 4096)) }
        let token = cancellation.onCancel { child.signal(9) }
        defer { cancellation.removeHandler(token) }
        let text = String(decoding: output.readTail(limit: Self.keptOutput), as: UTF8.self)
        let end = child.wait()
        try cancellation.check()
        try Self.check(end, String(decoding: said.wait(), as: UTF8.self))
        return text.split(separator: "\n").compactMap(Self.commit).max()
    }

    /// It ends with an error wherever it ends: at the end of what was written, or because the segment that follows is not
    /// there. A segment that one long record fills has no beginning of any. All else means that it could not look.
    private static func check(_ end: ProcessEnd, _ said: String) throws {
        guard !end.isSuccess, !said.contains("error in WAL record"), !said.contains("could not find") else { return }
        throw Obstacle(.unexplainedError, "pg_waldump can't read the newest segments: \(said.trimmed)")
    }

    /// The time in `… desc: COMMIT 2026-11-21 17:38:07.046153 UTC; …`, or in `… desc: COMMIT_PREPARED 733: 2026-11-21 …`
    /// (`xact_desc_commit` in PostgreSQL's `src/backend/access/rmgrdesc/xactdesc.c`).
    static func commit(_ line: Substring) -> Timestamp? {
        guard let start = line.firstRange(of: " desc: COMMIT") else { return nil }
        let words = line[start.upperBound...].split(separator: " ")
        guard let date = words.firstIndex(where: { $0.utf8.count == 10 && $0.contains("-") }), words.count > date + 2
        else { return nil }
        let zone = words[date + 2].prefix { $0 != ";" }
        return Timestamp("\(words[date]) \(words[date + 1]) \(zone)")
    }
}
