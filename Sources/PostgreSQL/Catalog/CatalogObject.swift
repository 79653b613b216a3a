/// One thing that a database's catalog defines, as canonical text that is equal before a dump and after its restore.
package struct CatalogObject: Sendable, Hashable {
    package let kind: CatalogKind
    /// Unique within the kind; names are fully qualified and quoted where SQL would need it: `public.orders.note`.
    package let identity: String
    /// Everything that is dumped of it, several lines where that reads better; may be empty.
    package let definition: String

    package init(kind: CatalogKind, identity: String, definition: String) {
        self.kind = kind
        self.identity = identity
        self.definition = definition
    }

    /// `column public.orders.note`.
    package var key: String { "\(kind.rawValue) \(identity)" }
}

extension CatalogObject: Comparable {
    /// By the bytes of kind and identity: the order of a fingerprint, whatever the locale.
    package static func < (left: CatalogObject, right: CatalogObject) -> Bool {
        order(left, right) < 0
    }

    /// Byte by byte: Swift's own comparison of strings takes two spellings of "é" for one.
    package static func == (left: CatalogObject, right: CatalogObject) -> Bool {
        left.kind == right.kind && left.identity.utf8.elementsEqual(right.identity.utf8)
            && left.definition.utf8.elementsEqual(right.definition.utf8)
    }

    /// Same object, whatever its definition.
    package func isSameObject(as other: CatalogObject) -> Bool {
        kind == other.kind && identity.utf8.elementsEqual(other.identity.utf8)
    }
}

extension CatalogObject {
    /// One line for people and for the fingerprint, without any line end of its own.
    ///
    /// `kind identity: definition`, with backslash, line feed, carriage return and tab written `\\`, `\n`, `\r`, `\t`.
    package var line: String {
        "\(kind.rawValue) \(identity): \(definition)".escapingControl()
    }
}

extension String {
    /// Backslash, line feed, carriage return and tab as two characters each, so that a text is one line.
    func escapingControl() -> String {
        var text = ""
        text.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

private func utf8Order(_ left: String, _ right: String) -> Int {
    if left.utf8.elementsEqual(right.utf8) { return 0 }
    return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
}

extension CatalogObject {
    private static func order(_ left: CatalogObject, _ right: CatalogObject) -> Int {
        let kinds = utf8Order(left.kind.rawValue, right.kind.rawValue)
        return kinds == 0 ? utf8Order(left.identity, right.identity) : kinds
    }
}
