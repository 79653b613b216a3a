/// Its name and nothing else: the connection may hold a password that came from the environment, and what is logged as a
/// whole, as the parts of a service are, would tell it.
extension DatabaseSettings: CustomStringConvertible, CustomReflectable {
    package var description: String { name }

    package var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
