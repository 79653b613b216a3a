/// The rules inside quotes and comments.
extension SQLLexer {
    /// Goes over the bytes that need no thought, which are most; all rules stay in ``step(_:at:)``.
    @inline(__always)
    mutating func skipPlain(_ chunk: UnsafeRawBufferPointer, from position: inout Int) {
        switch state {
        case .string(let escapes): skipString(chunk, from: &position, escapes: escapes)
        case .dollarBody where dollarMatched == 0: skipDollarBody(chunk, from: &position)
        case .initial:
            var index = position
            while index < chunk.count, chunk[index].isPlainInStatement { index += 1 }
            position = index
        case .word: words.append(from: chunk, &position)
        default: break
        }
    }

    /// The bulk of a string.
    @inline(__always)
    mutating func skipString(_ chunk: UnsafeRawBufferPointer, from position: inout Int, escapes: Bool) {
        var index = position
        var lines: UInt64 = 0
        while index < chunk.count {
            let byte = chunk[index]
            if byte == .quote || byte == 0 || (escapes && byte == .backslash) { break }
            if byte == .newline { lines += 1 }
            index += 1
        }
        line += lines
        position = index
    }

    @inline(__always)
    mutating func skipDollarBody(_ chunk: UnsafeRawBufferPointer, from position: inout Int) {
        var index = position
        while index < chunk.count, chunk[index] != .dollar, chunk[index] != 0 {
            if chunk[index] == .newline { line += 1 }
            index += 1
        }
        position = index
    }

    mutating func stepQuoted(_ byte: UInt8, at position: inout Int) {
        switch state {
        case .string(let escapes):
            if byte == .quote { state = .stringQuote(escapes: escapes) }
            if byte == .backslash, escapes { state = .stringBackslash }
            take(byte, at: &position)
        case .stringBackslash:
            state = .string(escapes: true)
            take(byte, at: &position)
        case .stringQuote(let escapes):
            if byte == .quote {
                state = .string(escapes: escapes)
                position += 1
            } else {
                state = .initial
                retry()
            }
        default:
            if byte == .doubleQuote { state = .initial }
            take(byte, at: &position)
        }
    }

    /// Comments nest. `/*/` opens only, `**/` closes.
    mutating func stepBlockComment(_ byte: UInt8) {
        switch (state, byte) {
        case (.blockCommentStar, .slash):
            commentDepth -= 1
            state = commentDepth == 0 ? commentReturnsTo : .blockComment
        case (.blockCommentSlash, UInt8(ascii: "*")):
            commentDepth += 1
            state = .blockComment
        case (_, UInt8(ascii: "*")): state = .blockCommentStar
        case (_, .slash): state = .blockCommentSlash
        default: state = .blockComment
        }
    }

    mutating func stepDollarTag(_ byte: UInt8, at position: inout Int) {
        let continues = dollarDelimiter.count == 1 ? byte.startsIdentifier : byte.continuesIdentifier
        if byte == .dollar {
            dollarDelimiter.append(byte)
            dollarMatched = 0
            state = .dollarBody
            position += 1
        } else if continues {
            dollarDelimiter.append(byte)
            position += 1
        } else {
            // Not a quote: the dollar stands alone, and what followed it is a word.
            if dollarDelimiter.count > 1 {
                words.begin(dollarDelimiter[1])
                for byte in dollarDelimiter.dropFirst(2) { words.append(byte) }
                words.end(atDepth: parenthesisDepth)
            }
            state = .initial
            retry()
        }
    }

    /// Only the two ends of a delimiter are dollars, so a match that fails can begin again only at a dollar.
    mutating func matchDollar(_ byte: UInt8) {
        if byte == dollarDelimiter[dollarMatched] {
            dollarMatched += 1
            if dollarMatched == dollarDelimiter.count { state = .initial }
        } else {
            dollarMatched = byte == .dollar ? 1 : 0
        }
    }
}
