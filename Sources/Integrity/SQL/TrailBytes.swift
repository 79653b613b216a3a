/// Hides the second and later bytes of multi-byte characters in encodings where such a byte may look like ASCII.
///
/// PostgreSQL 15 src/fe_utils/psqlscan.l, `psqlscan_prepare_buffer`: they are replaced by 0xFF before the text is lexed,
/// with the lengths of src/common/wchar.c; a character never goes over the end of its line.
struct TrailBytes {
    /// Bytes still to hide.
    private var remaining = 0
    /// The byte now due is the second of a GB18030 character, which tells its length.
    private var isSecondOfGB18030 = false
    private var before: (remaining: Int, isSecond: Bool) = (0, false)

    mutating func masked(_ byte: UInt8, _ encoding: ClientEncoding) -> UInt8 {
        before = (remaining, isSecondOfGB18030)
        if remaining > 0, byte != .newline {
            remaining -= 1
            if isSecondOfGB18030, byte.isDigit { remaining += 2 }
            isSecondOfGB18030 = false
            return 0xff
        }
        remaining = encoding.trailCount(ofLead: byte)
        isSecondOfGB18030 = remaining > 0 && encoding == .gb18030
        return byte
    }

    /// The last byte will be shown again.
    mutating func stepBack() {
        (remaining, isSecondOfGB18030) = before
    }
}
