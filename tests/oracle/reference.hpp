// Reads the reference files: "LREF1\n", then records of name, shape and values until the end of the file.
// Each name is a u32 length and its characters; a shape, a u32 rank and u32 extents; values are float64.
// Little endian.
#pragma once

#include <bit>
#include <cstdint>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace oracle {

static_assert(std::endian::native == std::endian::little, "reference files are read as they lie");

struct Reference {
    std::vector<std::uint32_t> shape;
    std::vector<double> values;
};

/// The records of `<folder>/<group>.ref` by name. Throws std::runtime_error when the file is missing or cut
/// short, or has no such record.
class References {
  public:
    explicit References(const std::string& group, const std::string& folder = LAMINA_TEST_DATA)
        : path_{folder + "/" + group + ".ref"} {
        std::ifstream file{path_, std::ios::binary};
        if (!file)
            throw std::runtime_error(path_ + ": cannot be opened");
        std::string magic(6, '\0');
        read(file, magic);
        if (magic != "LREF1\n")
            throw std::runtime_error(path_ + ": not a reference file");
        while (file.peek() != std::ifstream::traits_type::eof()) {
            std::string name(read_count(file), '\0');
            read(file, name);
            Reference& record = records_[name];
            record.shape.resize(read_count(file));
            read(file, record.shape);
            std::size_t size = 1;
            for (std::uint32_t extent : record.shape)
                size *= extent;
            record.values.resize(size);
            read(file, record.values);
        }
    }

    [[nodiscard]] const Reference& operator[](const std::string& name) const {
        const auto found = records_.find(name);
        if (found == records_.end())
            throw std::runtime_error(path_ + ": no record named '" + name + "'");
        return found->second;
    }

    [[nodiscard]] const std::map<std::string, Reference>& records() const { return records_; }

  private:
    template <class Array>
    void read(std::ifstream& file, Array& to) const {
        file.read(reinterpret_cast<char*>(to.data()),
                  static_cast<std::streamsize>(to.size() * sizeof(to[0])));
        if (!file)
            throw std::runtime_error(path_ + ": cut short");
    }

    std::uint32_t read_count(std::ifstream& file) const {
        std::vector<std::uint32_t> count(1);
        read(file, count);
        if (count[0] > 4096)
            throw std::runtime_error(path_ + ": damaged");
        return count[0];
    }

    std::string path_;
    std::map<std::string, Reference> records_;
};

} // namespace oracle
