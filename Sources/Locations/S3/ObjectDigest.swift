import FoundationEssentials
import Integrity

/// A digest that a store has of the whole of an object, and what the bytes that arrive are held against.
struct ObjectDigest: Sendable, Equatable {
    enum Kind: String, CaseIterable {
        /// Those that cost the least first.
        case crc32c, crc32, md5, crc64nvme
    }

    let kind: Kind
    let bytes: [UInt8]

    /// What the answer to a HEAD with `x-amz-checksum-mode` says; `nil` where it has no digest of the whole.
    ///
    /// Checksums of an object in parts are of the parts' checksums (`COMPOSITE`, with `-` and the number of parts behind them) unless
    /// the type says `FULL_OBJECT` ("HeadObject", Amazon S3 API Reference). The ETag of an object that was uploaded in one piece, and not
    /// encrypted with a key of KMS or of the client's, is its MD5 ("Object", ibid.).
    init?(_ head: HTTPHead) {
        for kind in Kind.allCases where kind.isAvailable {
            let text = kind == .md5 ? nil : head["x-amz-checksum-\(kind.rawValue)"]
            let bytes = kind == .md5 ? Self.md5(head) : text.flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) }
            guard let bytes, bytes.count == kind.length,
                kind == .md5 || (head["x-amz-checksum-type"] ?? "FULL_OBJECT") == "FULL_OBJECT"
            else { continue }
            (self.kind, self.bytes) = (kind, bytes)
            return
        }
        return nil
    }

    private static func md5(_ head: HTTPHead) -> [UInt8]? {
        guard head["x-amz-server-side-encryption-customer-algorithm"] == nil,
            !(head["x-amz-server-side-encryption"] ?? "").hasPrefix("aws:kms"), let tag = head["etag"]
        else { return nil }
        let digits = tag.filter { $0 != "\"" }.compactMap(\.hexDigitValue)
        guard digits.count == 32, tag.count <= 34 else { return nil }
        return stride(from: 0, to: 32, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}

extension ObjectDigest.Kind {
    fileprivate var length: Int {
        switch self {
        case .crc32c, .crc32: 4
        case .crc64nvme: 8
        case .md5: 16
        }
    }

    /// A machine in FIPS mode has no MD5: where nothing can be compared, the store has no digest.
    fileprivate var isAvailable: Bool { self != .md5 || MD5() != nil }
}

/// A digest of the bytes that arrive, made as the store made its own.
final class ArrivingDigest {
    private let expected: ObjectDigest
    private var crc32c = CRC32C()
    private var crc32 = CRC32()
    private var crc64nvme = CRC64NVME()
    private let md5: MD5?

    init(_ expected: ObjectDigest) {
        self.expected = expected
        md5 = expected.kind == .md5 ? MD5() : nil
    }

    func update(_ bytes: UnsafeRawBufferPointer) {
        switch expected.kind {
        case .crc32c: crc32c.update(bytes)
        case .crc32: crc32.update(bytes)
        case .crc64nvme: crc64nvme.update(bytes)
        case .md5: md5?.update(bytes)
        }
    }

    /// Whether these are the bytes that the store says it holds. Once, at their end.
    func isExpected() -> Bool {
        let bytes: [UInt8] =
            switch expected.kind {
            case .crc32c: Self.bigEndian(crc32c.value)
            case .crc32: Self.bigEndian(crc32.value)
            case .crc64nvme: Self.bigEndian(crc64nvme.value)
            case .md5: md5?.finishBytes() ?? []
            }
        return bytes == expected.bytes
    }

    /// As checksums stand in headers, in base 64.
    private static func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
}
