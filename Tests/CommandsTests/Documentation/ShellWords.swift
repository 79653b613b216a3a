/// The simple commands of a line of shell, as far as documentation uses shell: quotes, operators, comments.
struct ShellWords {
    /// Each a list of words, without what redirections name.
    private(set) var commands: [[String]] = [[]]
    private var word: String?

    init(_ line: String) {
        var quote: Character?
        var isEscaped = false
        for character in line {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if let open = quote {
                if character == open { quote = nil } else { word?.append(character) }
            } else if character == "\\" {
                isEscaped = true
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == "#", word == nil {
                break
            } else if character.isWhitespace {
                endWord()
            } else if "|;&".contains(character) {
                endWord()
                commands.append([])
            } else if character == ">" || character == "<" {
                // A number before it is that of a descriptor.
                if word.flatMap({ Int($0) }) != nil { word = nil }
                endWord()
                commands[commands.count - 1].append(String(character))
            } else {
                word = (word ?? "") + String(character)
            }
        }
        endWord()
        commands = commands.map(Self.withoutRedirections).filter { !$0.isEmpty }
    }

    private mutating func endWord() {
        guard let word else { return }
        commands[commands.count - 1].append(word)
        self.word = nil
    }

    private static func withoutRedirections(_ words: [String]) -> [String] {
        var kept: [String] = []
        var isTarget = false
        for word in words {
            if word == ">" || word == "<" {
                isTarget = true
            } else if isTarget {
                isTarget = false
            } else {
                kept.append(word)
            }
        }
        return kept
    }
}
