/// Looks at compressed bytes without decompressing them: how many members, what they say of checksums, where they end.
protocol MemberScanner {
    mutating func scan(_ bytes: UnsafeRawBufferPointer)
    var facts: MemberFacts { get }
    /// What the bytes scanned so far come to, were they all.
    var verdict: MemberVerdict { get }
}

/// How a file of compressed members ends. Offsets are in the stored bytes.
enum MemberVerdict: Equatable {
    /// With the end of a member, as far as can be told.
    case whole
    /// Within the member at `start`.
    case cut(start: UInt64)
    /// With bytes that belong to no member.
    case trailing(start: UInt64)
    /// This can't be: the bytes make no sense, or not to this scanner.
    case lost
}
