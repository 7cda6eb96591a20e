// Where buffers lie: each is needed from one moment to another, and buffers that are needed at the same time
// do not overlap.
#pragma once

#include <lamina/topology/storage.hpp>

namespace lamina::inline LAMINA_ABI::topology {

/// A part of the workspace: its size, the first and the last moment at which it is needed (inclusive), and
/// where it begins.
struct Buffer {
    long long extent = 0;
    int from = 0, to = -1; ///< never needed
    long long offset = 0;
    bool is_scratch = false; ///< placed last of those that are needed from the same moment on

    /// Is needed as long as another, too.
    constexpr void cover(const Buffer& other) noexcept {
        from = other.from < from ? other.from : from;
        to = other.to > to ? other.to : to;
    }
    [[nodiscard]] constexpr bool meets(const Buffer& other) const noexcept {
        return from <= other.to && other.from <= to && extent > 0 && other.extent > 0;
    }
};

template <int Count>
struct Buffers {
    Storage<Buffer, Count> all;
    int count = 0;
    long long extent = 0; ///< of the whole workspace

    constexpr void add(const Buffer& b) noexcept(Count != run_time) {
        if constexpr (Count == run_time)
            all.resize(count + 1);
        all[count++] = b;
    }

    /// Gives each buffer its place. First in order of time, at the two ends of a workspace of the size that
    /// is needed at least: for a chain, of which two neighbours are needed at a time, that is always enough.
    /// If it is not, the largest first; and then, again and again, the buffer that ended last goes first. The
    /// smallest result wins. The number of attempts is bounded by what compilers evaluate in one constant
    /// expression.
    constexpr void place() noexcept(Count != run_time) {
        Numbers order = {};
        if constexpr (Count == run_time)
            order.resize(count);
        const int used = sort(order, [&](const Buffer& a, const Buffer& b) {
            return a.from != b.from ? a.from < b.from : !a.is_scratch && b.is_scratch;
        });
        const long long least = needed(order, used);
        place_in(order, used, least);
        Buffers other = *this;
        sort(order, [](const Buffer& a, const Buffer& b) { return a.extent > b.extent; });
        for (int attempt = 0; extent > least && attempt * count * count <= 1 << 15; ++attempt) {
            other.place_in(order, used, least);
            if (other.extent < extent)
                *this = other;
            int last = 0;
            while (other.all[order[last]].offset + other.all[order[last]].extent < other.extent)
                ++last;
            for (; last > 0; --last) {
                const int before = order[last - 1];
                order[last - 1] = order[last];
                order[last] = before;
            }
        }
    }

  private:
    using Numbers = Storage<int, Count>;

    /// Elements that are needed at the worst moment, which no placement can do without. It is the first one
    /// of some buffer.
    [[nodiscard]] constexpr long long needed(const Numbers& order, int used) const noexcept {
        long long most_at_once = 0;
        for (int n = 0; n < used; ++n) {
            const int moment = all[order[n]].from;
            if (n > 0 && moment == all[order[n - 1]].from)
                continue;
            long long sum = 0;
            for (int k = 0; k < used && all[order[k]].from <= moment; ++k) // in order of time
                sum += moment <= all[order[k]].to ? all[order[k]].extent : 0;
            most_at_once = sum > most_at_once ? sum : most_at_once;
        }
        return most_at_once;
    }
    /// The order of those that have elements; returns how many these are.
    constexpr int sort(Numbers& order, auto before) const noexcept {
        int used = 0;
        for (int b = 0; b < count; ++b) {
            if (all[b].extent == 0)
                continue;
            int at = used++;
            for (; at > 0 && before(all[b], all[order[at - 1]]); --at)
                order[at] = order[at - 1];
            order[at] = b;
        }
        return used;
    }
    /// In that order; in the first gap, or, in a workspace of `least` elements, before its end if the front
    /// is taken and the end is free.
    constexpr void place_in(const Numbers& order, int used, long long least) noexcept(Count != run_time) {
        Numbers met = {};
        if constexpr (Count == run_time)
            met.resize(count);
        extent = 0;
        for (int n = 0; n < used; ++n) {
            Buffer& own = all[order[n]];
            int meets = 0;
            for (int k = 0; k < n; ++k)
                if (own.meets(all[order[k]]))
                    met[meets++] = order[k];
            const auto is_free = [&](long long offset) {
                for (int k = 0; k < meets; ++k)
                    if (offset < all[met[k]].offset + all[met[k]].extent &&
                        all[met[k]].offset < offset + own.extent)
                        return false;
                return offset >= 0;
            };
            own.offset = 0;
            if (!is_free(0) && !own.is_scratch && is_free(least - own.extent)) {
                own.offset = least - own.extent;
            } else if (!is_free(0)) {
                long long best = -1; // after one of the others
                for (int k = 0; k < meets; ++k) {
                    const long long after = all[met[k]].offset + all[met[k]].extent;
                    if ((best < 0 || after < best) && is_free(after))
                        best = after;
                }
                own.offset = best;
            }
            extent = own.offset + own.extent > extent ? own.offset + own.extent : extent;
        }
    }
};

} // namespace lamina::inline LAMINA_ABI::topology
