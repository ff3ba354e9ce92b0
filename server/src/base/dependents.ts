/** A set that is small for few members, as nearly all sets of dependents are. */

/** More members than this are kept in a `Set`. */
const FEW = 8;

export class Dependents<T extends object> {
  /** One member, or several. */
  private members: T | T[] | Set<T> | undefined;

  add(member: T): void {
    const members = this.members;
    if (members === undefined) this.members = member;
    else if (members instanceof Set) members.add(member);
    else if (!Array.isArray(members)) {
      if (members !== member) this.members = [members, member];
    } else if (!members.includes(member)) {
      if (members.length < FEW) members.push(member);
      else this.members = new Set([...members, member]);
    }
  }

  delete(member: T): void {
    const members = this.members;
    if (members === undefined) return;
    if (members instanceof Set) members.delete(member);
    else if (!Array.isArray(members)) {
      if (members === member) this.members = undefined;
    } else {
      const at = members.indexOf(member);
      if (at < 0) return;
      const last = members.pop() as T;
      if (at < members.length) members[at] = last;
    }
  }

  get isEmpty(): boolean {
    const members = this.members;
    return (
      members === undefined ||
      (members instanceof Set ? members.size : Array.isArray(members) ? members.length : 1) === 0
    );
  }

  /** Calls `visit` for each member; members must not come or go meanwhile. */
  forEach(visit: (member: T) => void): void {
    const members = this.members;
    if (members === undefined) return;
    if (members instanceof Set || Array.isArray(members)) for (const member of members) visit(member);
    else visit(members);
  }
}
