/// The bytes of a TZif file: `/usr/share/zoneinfo/Europe/Berlin`. Source: RFC 8536, section 3.
struct TimeZoneFile {
    private struct Header {
        let version: UInt8
        let universal, standard, leaps, times, types, letters: Int

        init?(_ bytes: ArraySlice<UInt8>) {
            guard bytes.count >= 44, bytes.starts(with: Array("TZif".utf8)) else { return nil }
            version = bytes[bytes.startIndex + 4]
            let counts = (0..<6).map { Int(TimeZoneFile.number(bytes, at: 20 + $0 * 4, width: 4)) }
            guard counts.allSatisfy({ (0...100_000).contains($0) }), counts[4] > 0 else { return nil }
            (universal, standard, leaps) = (counts[0], counts[1], counts[2])
            (times, types, letters) = (counts[3], counts[4], counts[5])
        }

        /// Bytes of the block behind the header.
        func length(timeWidth: Int) -> Int {
            times * (timeWidth + 1) + types * 6 + letters + leaps * (timeWidth + 4) + standard + universal
        }
    }

    let initialOffset: Int64
    let transitions: [TimeZoneRules.Transition]
    let annualRule: AnnualClockRule?

    /// - Throws: ``ScheduleProblem`` for what is no TZif file, is damaged, or counts leap seconds (`right/…`), which
    ///   the system clock does not.
    init(_ bytes: [UInt8]) throws {
        guard let first = Header(bytes[...]) else { throw ScheduleProblem("it is not a time zone file") }
        guard first.version >= UInt8(ascii: "2") else {
            guard bytes.count >= 44 + first.length(timeWidth: 4) else { throw ScheduleProblem("it is cut off") }
            (initialOffset, transitions) = try Self.block(first, bytes[44...], timeWidth: 4)
            annualRule = nil
            return
        }
        let rest = bytes.dropFirst(44 + first.length(timeWidth: 4))
        guard let second = Header(rest), rest.count >= 44 + second.length(timeWidth: 8) + 2 else {
            throw ScheduleProblem("it is cut off")
        }
        let body = rest.dropFirst(44)
        (initialOffset, transitions) = try Self.block(second, body, timeWidth: 8)
        let footer = body.dropFirst(second.length(timeWidth: 8))
        guard footer.first == UInt8(ascii: "\n"), let end = footer.dropFirst().firstIndex(of: UInt8(ascii: "\n")) else {
            throw ScheduleProblem("its footer is cut off")
        }
        let text = String(decoding: footer.dropFirst()[..<end], as: UTF8.self)
        annualRule = AnnualClockRule(text)
        if annualRule == nil, !text.isEmpty { throw ScheduleProblem("its rule \"\(text)\" is not understood") }
    }

    private static func block(_ header: Header, _ bytes: ArraySlice<UInt8>, timeWidth: Int) throws
        -> (Int64, [TimeZoneRules.Transition])
    {
        guard header.leaps == 0 else { throw ScheduleProblem("it counts leap seconds, and the system clock does not") }
        let indexes = header.times * timeWidth
        let records = indexes + header.times
        let offsets = (0..<header.types).map { number(bytes, at: records + $0 * 6, width: 4) }
        let transitions = try (0..<header.times).map { time in
            let type = Int(bytes[bytes.startIndex + indexes + time])
            guard type < offsets.count else { throw ScheduleProblem("it is damaged") }
            return TimeZoneRules.Transition(
                start: number(bytes, at: time * timeWidth, width: timeWidth), offset: offsets[type])
        }
        guard zip(transitions, transitions.dropFirst()).allSatisfy({ $0.start < $1.start }) else {
            throw ScheduleProblem("it is damaged: its times are out of order")
        }
        return (offsets[0], transitions)
    }

    /// Big-endian, with its sign.
    private static func number(_ bytes: ArraySlice<UInt8>, at offset: Int, width: Int) -> Int64 {
        let part = bytes[bytes.startIndex + offset..<bytes.startIndex + offset + width]
        let value = part.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return width == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    }
}
