/// What ends a gzip member: CRC-32 and length, four bytes each (RFC 1952, 2.3.1).
package enum GzipTrailer {
    package static func wrongLength(_ gzip: [UInt8]) -> [UInt8] {
        Damage.flipBit(UInt64(gzip.count - 4) * 8).applied(to: gzip)
    }

    package static func wrongChecksum(_ gzip: [UInt8]) -> [UInt8] {
        Damage.flipBit(UInt64(gzip.count - 8) * 8).applied(to: gzip)
    }
}
