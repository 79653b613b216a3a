import FoundationEssentials
import GRDB

/// Free text in a column of type `ANY`: TEXT, or a BLOB of its UTF-8 where it holds a NUL.
///
/// GRDB binds and reads text as C strings, which end at the first NUL: a message that quotes a damaged file may have one.
enum StoredText {
    static func value(_ text: String) -> DatabaseValue {
        text.utf8.contains(0) ? Data(text.utf8).databaseValue : text.databaseValue
    }

    static func value(_ text: String?) -> DatabaseValue {
        text.map { value($0) } ?? .null
    }

    /// - Returns: `nil` for NULL, and for what is no text.
    static func text(_ value: DatabaseValue) -> String? {
        switch value.storage {
        case .string(let text): text
        case .blob(let data): String(decoding: data, as: UTF8.self)
        default: nil
        }
    }
}
