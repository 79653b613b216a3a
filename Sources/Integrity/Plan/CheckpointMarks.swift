/// Chooses the buffers whose start is worth a checkpoint.
///
/// A checkpoint lets a loader begin there instead of inflating all that lies before, and costs about 90 kB of memory. So
/// one is kept where data (a `COPY` block, a bulk run) or the first statement after data begins, if enough content passed
/// since the last one: 4 MiB, and at least 1/32 of the content so far. That keeps their number below
/// 32 + 32 · ln(size / 128 MiB): 172 for 10 GiB.
struct CheckpointMarks {
    enum Event {
        /// Data begins.
        case data
        case dataEnd
        case statement
    }

    private(set) var isWorthKeeping = false
    private var bufferStart: UInt64 = 0
    private var lastKept: UInt64 = 0
    private var isAfterData = false

    mutating func begin(at offset: UInt64) {
        bufferStart = offset
        isWorthKeeping = false
    }

    mutating func note(_ event: Event) {
        switch event {
        case .data:
            isAfterData = true
            keep()
        case .dataEnd: isAfterData = true
        case .statement:
            if isAfterData { keep() }
            isAfterData = false
        }
    }

    private mutating func keep() {
        let distance = max(4 << 20, bufferStart / 32)
        guard bufferStart - lastKept >= distance else { return }
        lastKept = bufferStart
        isWorthKeeping = true
    }
}
